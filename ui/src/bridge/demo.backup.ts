/** Backups in the demo: a page alone has no disk, so those there are were made of thin air. */
import { CallFailed, pageProblem } from './bridge';
import type { DemoTree } from './demo.tree';
import type { TransferHandlers } from './demo.transfer';
import type { Backup, Backups, MethodName, Methods, Profiles } from './protocol.gen';

type BackupMethod = Extract<MethodName, `backup.${string}`>;

type BackupHandlers = {
  [M in BackupMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

interface Holding {
  tree: DemoTree;
}

/** How much there is to take out. */
export function totals(rooms: readonly Holding[]): { rooms: number; messages: number } {
  const messages = rooms.reduce((sum, { tree }) => sum + tree.path().length, 0);
  return { rooms: rooms.length, messages };
}

const HOUR = 3_600_000;

/** A backup comes back the way a file does. */
export function backupHandlers(
  rooms: () => readonly Holding[],
  transfer: () => Pick<TransferHandlers, 'transfer.drop' | 'transfer.import'>,
  profiles: () => Profiles,
): BackupHandlers {
  const made = (id: string, ago: number, reason: Backup['reason']): Backup => ({
    id,
    made_at: Date.now() - ago,
    reason,
    size: 412_000,
    library: 3,
    readable: true,
    ...totals(rooms()),
  });
  let all: Backup[] | null = null;
  const found = (): Backup[] =>
    (all ??= [made('two', 3 * HOUR, 'daily'), made('one', 27 * HOUR, 'import')]);
  const told = (): Backups => ({
    backups: found(),
    size: found().reduce((sum, { size }) => sum + size, 0),
    making: false,
    problem: null,
  });
  const at = (id: string): Backup => {
    const backup = found().find((each) => each.id === id);
    if (!backup) throw new CallFailed(pageProblem('not_found', { field: 'backup_id' }));
    return backup;
  };
  return {
    'backup.list': told,
    'backup.make': () => {
      all = [made(`made-${found().length}`, 0, 'by_hand'), ...found()];
      return told();
    },
    'backup.test': ({ backup_id }) => {
      const { rooms, messages } = at(backup_id);
      return { holds: true, rooms, messages };
    },
    'backup.restore': ({ backup_id }) => {
      const name = at(backup_id).id;
      const { token } = transfer()['transfer.drop']({ name, data: '', last: true });
      return transfer()['transfer.import']({ token });
    },
    'backup.replace': ({ backup_id }) => {
      const { rooms, messages, library } = at(backup_id);
      const kept = made(`kept-${found().length}`, 0, 'replacing');
      all = [kept, ...found()];
      return {
        profiles: profiles(),
        kept: kept.id,
        rooms,
        messages,
        library,
        library_missing: false,
      };
    },
    'backup.open_folder': () => ({}),
  };
}
