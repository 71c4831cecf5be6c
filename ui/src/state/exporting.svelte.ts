/** Taking stories out into a file: what is asked for, and how far it is. */
import { problemOf } from '../bridge/bridge';
import type {
  ExportBranches,
  ExportScope,
  Room,
  TransferFormat,
  TransferJob,
} from '../bridge/protocol.gen';
import { dayOf, startOf } from '../text/days';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';
import type { RoomsState } from './rooms.svelte';
import { JobState } from './transfer_job.svelte';

/** Characters of a passphrase: a file can be tried at anywhere, as often as anybody likes. */
const SHORTEST = 8;
const WEEKS_MS = 21 * 86_400_000;

export class ExportingState {
  formats: TransferFormat[] = $state.raw([]);
  scope: ExportScope = $state('all');
  picked: string[] = $state.raw([]);
  format = $state('persona_json');
  branches: ExportBranches = $state('tree');
  messages = $state(true);
  context = $state(true);
  usage = $state(true);
  library = $state(true);
  dated = $state(false);
  since = $state(dayOf(Date.now() - WEEKS_MS));
  until = $state(dayOf(Date.now()));
  /** Whether the file is to be locked, and with what. */
  locked = $state(false);
  passphrase = $state('');
  again = $state('');
  readonly work = new JobState();

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly rooms: RoomsState,
  ) {}

  /** Those that can be written and tell a story; cards and lorebooks are taken out elsewhere. */
  get writable(): TransferFormat[] {
    return this.formats.filter((each) => each.writes && each.holds.includes('messages'));
  }

  get chosen(): TransferFormat | undefined {
    return this.formats.find((each) => each.id === this.format);
  }

  /** Whether a file of this shape says anything without the lines of a story. */
  get bare(): boolean {
    return this.chosen?.lossless ?? true;
  }

  holds(what: string): boolean {
    return this.chosen?.holds.includes(what) ?? true;
  }

  /** Every room that is not thrown away: the program takes those out. */
  get all(): Room[] {
    return this.rooms.all.filter((room) => room.trashed_at === null);
  }

  get taken(): Room[] {
    if (this.scope === 'all') return this.all;
    if (this.scope === 'room') return this.rooms.current ? [this.rooms.current] : [];
    return this.all.filter((room) => this.picked.includes(room.id));
  }

  get wrongDates(): boolean {
    return this.dated && !(this.from !== null && this.to !== null && this.from < this.to);
  }

  get tooMany(): boolean {
    return !this.holds('rooms') && this.taken.length > 1;
  }

  get shortPassphrase(): boolean {
    return this.passphrase.length > 0 && this.passphrase.length < SHORTEST;
  }

  get otherPassphrase(): boolean {
    return this.again.length > 0 && this.again !== this.passphrase;
  }

  get ready(): boolean {
    const lock =
      !this.locked || (this.passphrase.length >= SHORTEST && this.again === this.passphrase);
    const what = this.taken.length > 0 && !this.wrongDates && !this.tooMany;
    return what && lock && !this.work.running;
  }

  lock(on: boolean): void {
    this.locked = on;
    this.passphrase = '';
    this.again = '';
  }

  private get from(): number | null {
    return startOf(this.since);
  }

  private get to(): number | null {
    return startOf(this.until, 1);
  }

  async start(): Promise<void> {
    if (this.formats.length) return;
    try {
      this.formats = (await this.connection.call('transfer.formats', {})).formats;
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }

  pick(id: string, on: boolean): void {
    this.picked = on ? [...this.picked, id] : this.picked.filter((each) => each !== id);
  }

  async run(): Promise<void> {
    if (!this.ready) return;
    this.work.asking = true;
    this.work.forget();
    try {
      const { job } = await this.connection.call('transfer.export', {
        format: this.format,
        scope: this.scope,
        room_ids: this.scope === 'all' ? [] : this.taken.map((room) => room.id),
        branches: this.holds('branches') ? this.branches : 'path',
        messages: this.messages || !this.bare,
        context: this.context && this.holds('context'),
        usage: this.usage && this.holds('usage'),
        library: this.library && this.scope === 'all' && this.holds('library'),
        since: this.dated ? this.from : null,
        until: this.dated ? this.to : null,
        passphrase: this.locked ? this.passphrase : '',
      });
      if (job) {
        this.work.begin(job);
        this.lock(false);
      }
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      this.work.asking = false;
    }
  }

  stop(): void {
    const { job } = this.work;
    if (job) void this.connection.call('transfer.stop', { job_id: job.id });
  }

  told(job: TransferJob): void {
    if (job.kind === 'export') this.work.told(job);
  }
}
