/** Taking stories out and in, in the demo: a page alone has no files, so every job ends at once. */
import { CallFailed, pageProblem } from './bridge';
import type {
  AnyEvent,
  MethodName,
  Methods,
  Receipt,
  TransferCounts,
  TransferFormat,
  TransferJob,
} from './protocol.gen';

type TransferMethod = Extract<MethodName, `transfer.${string}`>;

export type TransferHandlers = {
  [M in TransferMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

const EVERYTHING = [
  'rooms',
  'messages',
  'context',
  'branches',
  'usage',
  'dice',
  'slots',
  'library',
];

const format = (id: string, suffix: string, lossless: boolean): TransferFormat => ({
  id,
  suffixes: [suffix],
  reads: true,
  writes: true,
  lossless,
  holds: lossless ? EVERYTHING : ['rooms', 'messages'],
});

const NOTHING: TransferCounts = {
  rooms: 0,
  messages: 0,
  turns: 0,
  branches: 0,
  slots: 0,
  rolls: 0,
  library: 0,
  pictures: 0,
};

/** `rooms` tells how many rooms and messages there are to be taken out. */
export function transferHandlers(
  emit: (...events: AnyEvent[]) => void,
  held: () => { rooms: number; messages: number },
): TransferHandlers {
  let count = 0;
  const files = new Map<string, { name: string; size: number }>();
  const receipts: Receipt[] = [];

  const ended = (kind: TransferJob['kind'], file: string, receipt: Receipt | null): TransferJob => {
    const { rooms, messages } = kind === 'export' ? held() : { rooms: 1, messages: 2 };
    const job: TransferJob = {
      id: `job-${++count}`,
      kind,
      state: 'done',
      file,
      format: 'persona_json',
      rooms_done: rooms,
      rooms_total: rooms,
      turns_done: 0,
      turns_total: 0,
      messages_done: messages,
      messages_total: messages,
      share: 1,
      seconds_left: 0,
      size: 1024,
      receipt,
      problem: null,
      fault: null,
      where: '',
    };
    setTimeout(() => emit({ type: 'transfer_ended', job }), 0);
    return { ...job, state: 'running', share: 0, receipt: null };
  };

  const looked = (token: string, dry: boolean): Receipt => {
    const file = files.get(token);
    if (!file) throw new CallFailed(pageProblem('not_found', { field: 'token' }));
    const counts = { ...NOTHING, rooms: 1, messages: 2 };
    return {
      id: `receipt-${++count}`,
      file: file.name,
      format: 'persona_json',
      at: Date.now(),
      found: counts,
      kept: counts,
      lines: [
        { fate: 'changed', code: 'speakers_split', where: file.name, count: 1 },
        { fate: 'dropped', code: 'picture_unusable', where: 'cover.png: cut_off', count: 1 },
      ],
      rooms: [],
      mode: 'new',
      dry_run: dry,
      undone_at: null,
    };
  };

  return {
    'transfer.formats': () => ({
      formats: [
        format('persona_json', '.json', true),
        format('persona_ndjson', '.ndjson', true),
        format('persona_zip', '.zip', true),
        format('markdown', '.md', false),
      ],
    }),
    'transfer.export': () => ({ job: ended('export', 'persona-chat.json', null) }),
    'transfer.choose': () => ({ token: '', name: '', size: 0, format: '', sealed: false }),
    'transfer.choose_folder': () => ({ token: '', name: '', size: 0, format: '', sealed: false }),
    'transfer.unseal': ({ token, passphrase }) => {
      const file = files.get(token);
      if (!file) throw new CallFailed(pageProblem('not_found', { field: 'token' }));
      if (passphrase.length < 8) throw new CallFailed(pageProblem('wrong_password'));
      return { token, ...file, format: 'persona_json', sealed: false };
    },
    'transfer.drop': ({ token = '', name = '', data = '', last = false }) => {
      const known = token || `file-${++count}`;
      const file = {
        name: name || (files.get(known)?.name ?? ''),
        size: files.get(known)?.size ?? 0,
      };
      file.size += Math.floor((data.length * 3) / 4);
      files.set(known, file);
      const sealed = last && file.name.endsWith('.age');
      return { token: known, ...file, format: last && !sealed ? 'persona_json' : '', sealed };
    },
    'transfer.let_go': ({ token }) => {
      files.delete(token);
      return {};
    },
    'transfer.preview': ({ token }) => {
      const receipt = looked(token, true);
      return { job: ended('preview', receipt.file, receipt) };
    },
    'transfer.import': ({ token }) => {
      const receipt = looked(token, false);
      receipts.unshift(receipt);
      return { job: ended('import', receipt.file, receipt) };
    },
    'transfer.stop': () => ({}),
    'transfer.jobs': () => ({ jobs: [] }),
    'transfer.receipts': () => ({ receipts }),
    'transfer.undo': ({ receipt_id }) => {
      const at = receipts.findIndex((one) => one.id === receipt_id);
      const found = receipts[at];
      if (!found) throw new CallFailed(pageProblem('not_found', { field: 'receipt_id' }));
      return (receipts[at] = { ...found, undone_at: Date.now() });
    },
  };
}
