/** The backups the program makes by itself: what there is, whether it holds, how it comes back. */
import { problemOf } from '../bridge/bridge';
import type { Backups, BackupTested } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { ImportingState } from './importing.svelte';
import type { Notices } from './notices.svelte';

export class BackupsState {
  value: Backups | null = $state.raw(null);
  making = $state(false);
  /** Which one is being restored for a test. */
  testing = $state('');
  /** Which one is being put in the place of everything. */
  replacing = $state('');
  tested: Record<string, BackupTested> = $state.raw({});

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly importing: ImportingState,
    private readonly startAnew: () => void,
  ) {}

  async look(): Promise<void> {
    await this.#try(async () => {
      this.value = await this.connection.call('backup.list', {});
    });
  }

  async make(): Promise<void> {
    if (this.making) return;
    this.making = true;
    await this.#try(async () => {
      this.value = await this.connection.call('backup.make', {});
    });
    this.making = false;
  }

  async test(id: string): Promise<void> {
    if (this.testing) return;
    this.testing = id;
    await this.#try(async () => {
      const tested = await this.connection.call('backup.test', { backup_id: id });
      this.tested = { ...this.tested, [id]: tested };
    });
    this.testing = '';
  }

  restore(id: string): Promise<void> {
    return this.importing.follow(
      async () => (await this.connection.call('backup.restore', { backup_id: id })).job,
    );
  }

  /** Everything as it was then; the page begins anew, as with another profile. */
  async replace(id: string): Promise<void> {
    if (this.replacing) return;
    this.replacing = id;
    await this.#try(async () => {
      await this.connection.call('backup.replace', { backup_id: id });
      this.startAnew();
    });
    this.replacing = '';
  }

  async openFolder(): Promise<void> {
    await this.#try(() => this.connection.call('backup.open_folder', {}));
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
      void this.#again();
    }
  }

  /** What failed is told by the list as well. */
  async #again(): Promise<void> {
    try {
      this.value = await this.connection.call('backup.list', {});
    } catch {
      // Said already.
    }
  }
}
