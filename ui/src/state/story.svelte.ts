/** What I do to the story: shown at once, then confirmed, and always taken back. */
import { pageProblem, problemOf } from '../bridge/bridge';
import type {
  ActCode,
  HistoryChanged,
  Message,
  Path,
  Problem,
  TextVersion,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';
import type { TableState } from './table.svelte';
import type { Utterance } from './utterance.svelte';

/** How much of a line names a bookmark. */
const NAME_LENGTH = 40;

/** A message being edited; what was typed outlives a failure. */
export interface Editing {
  id: string;
  text: string;
  problem: Problem | null;
}

export class StoryState {
  editing: Editing | null = $state(null);
  /** The message whose next version is being given a direction. */
  directing = $state('');
  /** The message whose actions lie open in a sheet. */
  sheetFor = $state('');
  /** The message whose alternative is on its way, and which one was asked for. */
  switching: { id: string; to: number } | null = $state.raw(null);
  /** What undo and redo would do next. */
  undoable: ActCode | null = $state(null);
  redoable: ActCode | null = $state(null);

  #roomId = '';
  #work: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly table: TableState,
    private readonly pathShown: (path: Path) => void,
  ) {}

  show(roomId: string): void {
    if (roomId === this.#roomId) return;
    this.#roomId = roomId;
    this.editing = null;
    this.directing = '';
    this.sheetFor = '';
    this.switching = null;
    this.undoable = null;
    this.redoable = null;
    this.#work = Promise.resolve();
    this.notices.withdraw((notice) => notice.kind === 'acted');
  }

  /** What the program could undo now; an older offer would undo something else. */
  told(history: HistoryChanged): void {
    if (history.room_id !== this.#roomId) return;
    this.undoable = history.undo;
    this.redoable = history.redo;
    this.notices.withdraw((each) => each.kind === 'acted' && each.code !== history.undo);
  }

  /** Opens the editor, with another text than the message has where one is given. */
  edit(id: string, text?: string): void {
    const found = this.table.find(id);
    if (!found || found.live || found.pending) return;
    this.editing = { id, text: text ?? found.message.text, problem: null };
    this.directing = '';
  }

  /** What a message said before its edits, the oldest first; nothing where it cannot be read. */
  async earlierTexts(id: string): Promise<readonly TextVersion[]> {
    try {
      return (await this.connection.call('message.versions', { message_id: id })).earlier;
    } catch {
      return [];
    }
  }

  cancelEdit(): void {
    this.editing = null;
  }

  async saveEdit(): Promise<void> {
    const { editing } = this;
    const row = editing && this.table.find(editing.id);
    if (!editing || !row) return;
    const { id, text } = editing;
    const before = row.message;
    if (text.trim() === '') return;
    this.editing = null;
    if (text === before.text) return;
    row.settle({ ...before, text, edited_at: Date.now() });
    await this.#do(
      async () => {
        row.settle(await this.connection.call('message.edit', { message_id: id, text }));
        this.offer('edit', before.author.name);
      },
      (problem) => {
        row.settle(before);
        this.editing = { id, text, problem };
      },
    );
  }

  async hide(id: string, hidden: boolean): Promise<void> {
    const row = this.table.find(id);
    if (!row) return;
    const before = row.message;
    row.settle({ ...before, hidden });
    await this.#do(
      async () => {
        row.settle(await this.connection.call('message.hide', { message_id: id, hidden }));
        this.offer(hidden ? 'hide' : 'show', before.author.name);
      },
      (problem) => {
        row.settle(before);
        this.notices.show({ kind: 'problem', problem });
      },
    );
  }

  async remove(id: string, andBelow = false): Promise<void> {
    const row = this.table.find(id);
    if (!row || row.live || row.pending) return;
    const { position } = row.message;
    const below = this.table.utterances.filter(
      (each) => each.id === id || (andBelow && each.message.position > position),
    );
    const putBack = this.table.take(new Set(below.map((each) => each.id)));
    await this.#do(
      async () => {
        await this.connection.call('message.delete', { message_id: id, and_below: andBelow });
        this.offer(andBelow ? 'delete_below' : 'delete', row.message.author.name);
      },
      (problem) => {
        putBack();
        this.notices.show({ kind: 'problem', problem });
      },
    );
  }

  /** Shows another alternative; its number stands there before the program has answered. */
  async switchTo(message: Message, to: number): Promise<void> {
    if (to < 1 || to > message.alternatives || to === message.alternative) return;
    if (this.table.busy || this.switching) return;
    this.switching = { id: message.id, to };
    await this.#do(async () => {
      this.#turn(await this.connection.call('message.switch', { message_id: message.id, to }));
    });
    this.switching = null;
  }

  /** The next alternative; behind the last one of the newest reply a new one is written. */
  async step(message: Message, by: 1 | -1): Promise<void> {
    const to = message.alternative + by;
    if (to <= message.alternatives) return this.switchTo(message, to);
    if (this.inLastReply(message)) await this.again(message.id);
  }

  inLastReply(message: Message): boolean {
    const last = this.table.last?.message;
    return (
      last !== undefined &&
      message.author.kind !== 'user' &&
      (last.id === message.id || (message.turn_id !== '' && last.turn_id === message.turn_id))
    );
  }

  /** The message that the alternatives of the newest reply hang on. */
  get lastReply(): Utterance | undefined {
    const rows = this.table.utterances.filter((each) => this.inLastReply(each.message));
    return rows.find((each) => each.message.alternatives > 1) ?? rows[0];
  }

  async again(id: string | null = null, direction = ''): Promise<void> {
    const row = id === null ? this.lastReply : this.table.find(id);
    const below = row !== undefined && !this.inLastReply(row.message);
    this.directing = '';
    const taken = await this.table.again(id, direction);
    if (taken && below && row?.message.author.kind !== 'user')
      this.offer('again', row?.message.author.name ?? '');
  }

  async goOn(): Promise<void> {
    const last = this.table.last;
    if (!last || last.pending || last.live || last.message.author.kind === 'user') return;
    await this.table.goOn(last.id);
  }

  fork(id: string): Promise<void> {
    return this.#move('fork', () => this.connection.call('branch.fork', { message_id: id }));
  }

  back(id: string): Promise<void> {
    return this.#move('back', () => this.connection.call('branch.back', { message_id: id }));
  }

  goTo(branchId: string): Promise<void> {
    return this.#move('go', () => this.connection.call('branch.go', { branch_id: branchId }));
  }

  goToSlot(slotId: string): Promise<void> {
    return this.#move('go', () => this.connection.call('slot.go', { slot_id: slotId }));
  }

  clear(): Promise<void> {
    return this.#move('clear', () => this.connection.call('room.clear', { room_id: this.#roomId }));
  }

  /** A bookmark at the end of what was said, named after it until somebody names it. */
  async bookmark(): Promise<void> {
    const line = this.table.last?.text.replaceAll('*', '').trim().split('\n')[0] ?? '';
    if (!line) return;
    const name = [...line].slice(0, NAME_LENGTH).join('');
    await this.#do(async () => {
      await this.connection.call('slot.save', { room_id: this.#roomId, name });
      this.offer('slot_save', name);
    });
  }

  async resetSession(): Promise<void> {
    await this.#do(async () => {
      await this.connection.call('session.reset', { room_id: this.#roomId });
      this.notices.show({ kind: 'session_reset' });
    });
  }

  undo(): Promise<void> {
    return this.#swing('history.undo', 'undone');
  }

  redo(): Promise<void> {
    return this.#swing('history.redo', 'redone');
  }

  /** Resolves when everything asked for so far is done. */
  settled(): Promise<unknown> {
    return this.#work;
  }

  async #swing(method: 'history.undo' | 'history.redo', kind: 'undone' | 'redone'): Promise<void> {
    this.notices.withdraw((notice) => ['acted', 'undone', 'redone'].includes(notice.kind));
    await this.#do(async () => {
      const { code } = await this.connection.call(method, { room_id: this.#roomId });
      this.notices.show(kind === 'undone' ? { kind, code } : { kind, code });
    });
  }

  async #move(code: ActCode, call: () => Promise<Path>): Promise<void> {
    if (this.table.busy)
      return this.notices.show({ kind: 'problem', problem: pageProblem('busy') });
    await this.#do(async () => {
      this.#turn(await call());
      this.offer(code, '');
    });
  }

  /** The event with the same path may come before or after: drawing it twice changes nothing. */
  #turn(path: Path): void {
    if (path.room.id === this.#roomId) this.pathShown(path);
  }

  /** Says what was done and offers to take it back. */
  offer(code: ActCode, name = ''): void {
    this.notices.withdraw((notice) => ['acted', 'undone', 'redone'].includes(notice.kind));
    this.notices.show({ kind: 'acted', code, name, undo: () => void this.undo() });
  }

  /** One deed after the other, so that an undo never overtakes what it undoes. */
  #do(
    deed: () => Promise<void>,
    failed: (problem: Problem) => void = (problem) =>
      this.notices.show({ kind: 'problem', problem }),
  ): Promise<void> {
    const roomId = this.#roomId;
    const work = this.#work.then(async () => {
      try {
        if (roomId === this.#roomId) await deed();
      } catch (error) {
        if (roomId === this.#roomId) failed(problemOf(error));
      }
    });
    this.#work = work;
    return work;
  }
}
