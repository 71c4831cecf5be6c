/** Bringing stories in from a file: the file, a look at it, the work, and the receipts. */
import { problemOf } from '../bridge/bridge';
import type {
  Duplicates,
  ImportMode,
  IncomingFile,
  Methods,
  Receipt,
  TransferJob,
} from '../bridge/protocol.gen';
import { pieces } from '../text/pieces';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';
import { JobState } from './transfer_job.svelte';

export class ImportingState {
  file: IncomingFile | null = $state.raw(null);
  /** How much of a dropped file is there, from 0 to 1; `null` while none comes. */
  coming: { name: string; share: number } | null = $state.raw(null);
  mode: ImportMode = $state('new');
  roomId = $state('');
  duplicates: Duplicates = $state('skip');
  library = $state(true);
  unsealing = $state(false);
  wrongPassphrase = $state(false);
  /** A file hangs over the window. */
  hovering = $state(false);
  receipts: Receipt[] = $state.raw([]);
  /** The receipt of what was brought in just now. */
  newest: Receipt | null = $state.raw(null);
  readonly look: JobState;
  readonly work: JobState;

  #drop = 0;

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {
    this.look = new JobState();
    this.work = new JobState((job) => this.#ended(job));
  }

  /** What would become of the file, as far as it was looked at. */
  get preview(): Receipt | null {
    return this.look.job?.state === 'done' ? this.look.job.receipt : null;
  }

  get mergeable(): boolean {
    return this.preview?.found.rooms === 1;
  }

  get ready(): boolean {
    const { preview } = this;
    const some = preview !== null && preview.kept.messages + preview.kept.rooms > 0;
    const shelf = preview !== null && this.library && preview.kept.library > 0;
    return (some || shelf) && !this.look.running && !this.work.running;
  }

  async start(): Promise<void> {
    await this.#try(async () => {
      this.receipts = (await this.connection.call('transfer.receipts', {})).receipts;
    });
  }

  async choose(
    which: 'transfer.choose' | 'transfer.choose_folder' = 'transfer.choose',
  ): Promise<void> {
    if (this.work.running || this.look.asking) return;
    this.work.asking = true;
    await this.#try(async () => {
      const file = await this.connection.call(which, {});
      if (file.token) this.#take(file);
    });
    this.work.asking = false;
    if (this.file && !this.look.job) await this.peek();
  }

  /** Opens a locked file, and looks into it. */
  async unseal(passphrase: string): Promise<void> {
    const { file } = this;
    if (!file?.sealed || this.unsealing) return;
    this.unsealing = true;
    this.wrongPassphrase = false;
    try {
      const opened = await this.connection.call('transfer.unseal', {
        token: file.token,
        passphrase,
      });
      if (this.file?.token === file.token) this.file = opened;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === 'wrong_password') this.wrongPassphrase = true;
      else this.notices.show({ kind: 'problem', problem });
    }
    this.unsealing = false;
    if (this.file?.token === file.token && !this.file.sealed) await this.peek();
  }

  /** A file that was dropped: it is handed over in pieces, the newest drop counts. */
  async drop(file: File): Promise<void> {
    if (this.work.running) return;
    const turn = ++this.#drop;
    this.coming = { name: file.name, share: 0 };
    let token = '';
    await this.#try(async () => {
      for await (const { data, last, share } of pieces(file)) {
        if (turn !== this.#drop) break;
        const name = file.name.slice(0, 255);
        const held = await this.connection.call('transfer.drop', { token, name, data, last });
        token = held.token;
        if (turn === this.#drop) this.coming = { name, share };
        if (last && turn === this.#drop) this.#take(held);
      }
    });
    if (turn !== this.#drop) {
      if (token) void this.connection.call('transfer.let_go', { token });
      return;
    }
    this.coming = null;
    if (this.file?.token === token && token) await this.peek();
  }

  /** Reads the whole file and tells what would become of it. */
  async peek(): Promise<void> {
    const { file } = this;
    if (!file || file.sealed) return;
    this.#halt(this.look.job);
    this.look.forget();
    this.look.asking = true;
    await this.#try(async () => {
      const { job } = await this.connection.call('transfer.preview', this.#params(file));
      if (job && this.file?.token === file.token) this.look.begin(job);
    });
    this.look.asking = false;
  }

  /** Another wish about the same file: it is looked at again. */
  want(wish: { mode?: ImportMode; roomId?: string; duplicates?: Duplicates; library?: boolean }) {
    Object.assign(this, wish);
    void this.peek();
  }

  async run(): Promise<void> {
    const { file } = this;
    if (!file || !this.ready) return;
    this.work.forget();
    this.newest = null;
    this.work.asking = true;
    await this.#try(async () => {
      const { job } = await this.connection.call('transfer.import', this.#params(file));
      if (job) this.work.begin(job);
    });
    this.work.asking = false;
  }

  /** A job that was begun elsewhere: a backup that comes back. */
  async follow(begin: () => Promise<TransferJob | null>): Promise<void> {
    if (this.work.running) return;
    this.work.forget();
    this.newest = null;
    this.work.asking = true;
    await this.#try(async () => {
      const job = await begin();
      if (job) this.work.begin(job);
    });
    this.work.asking = false;
  }

  stop(): void {
    this.#halt(this.work.job);
  }

  putAway(): void {
    this.#drop++;
    this.coming = null;
    this.#clear();
  }

  #clear(): void {
    const { file } = this;
    this.#halt(this.look.job);
    this.file = null;
    this.look.forget();
    this.work.forget();
    this.mode = 'new';
    this.wrongPassphrase = false;
    if (file) void this.#try(() => this.connection.call('transfer.let_go', { token: file.token }));
  }

  async undo(receiptId: string): Promise<void> {
    await this.#try(async () => {
      const undone = await this.connection.call('transfer.undo', { receipt_id: receiptId });
      this.receipts = this.receipts.map((each) => (each.id === undone.id ? undone : each));
      if (this.newest?.id === undone.id) this.newest = undone;
    });
  }

  told(job: TransferJob): void {
    if (job.kind === 'preview') this.look.told(job);
    if (job.kind === 'import') this.work.told(job);
  }

  #take(file: IncomingFile): void {
    this.#clear();
    this.newest = null;
    this.file = file;
  }

  #params(file: IncomingFile): Methods['transfer.import']['params'] {
    const merge = this.mode === 'merge' && this.roomId !== '';
    return {
      token: file.token,
      mode: merge ? 'merge' : 'new',
      room_id: merge ? this.roomId : '',
      duplicates: this.duplicates,
      library: this.library,
    };
  }

  #ended(job: TransferJob): void {
    if (job.state !== 'done' || !job.receipt) return;
    this.newest = job.receipt;
    this.receipts = [job.receipt, ...this.receipts.filter(({ id }) => id !== job.receipt?.id)];
    this.putAway();
  }

  #halt(job: TransferJob | null): void {
    if (job?.state === 'running')
      void this.#try(() => this.connection.call('transfer.stop', { job_id: job.id }));
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}
