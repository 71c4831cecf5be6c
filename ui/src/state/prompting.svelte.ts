/** What an answer was sent, how the story's memory stands, and which lorebooks there are. */
import { CallFailed } from '../bridge/bridge';
import type {
  AnyEvent,
  LibraryEntry,
  LibraryList,
  SummaryState,
  TurnNoted,
  TurnPrompt,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class PromptingState {
  /** The turn whose prompt is looked at; empty for none. */
  turnId = $state('');
  prompt: TurnPrompt | null = $state.raw(null);
  failed = $state(false);
  /** Of the open room; null until it is known. */
  summary: SummaryState | null = $state.raw(null);
  /** Messages that the model could not hold in the newest turn that told so. */
  dropped = $state(0);
  books: LibraryEntry[] | null = $state.raw(null);
  unread: string[] = $state.raw([]);
  #roomId = '';
  #asked = 0;

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  async show(turnId: string): Promise<void> {
    this.turnId = turnId;
    this.prompt = null;
    this.failed = false;
    try {
      const prompt = await this.connection.call('turn.prompt', { turn_id: turnId });
      if (this.turnId === turnId) this.prompt = prompt;
    } catch {
      if (this.turnId === turnId) this.failed = true;
    }
  }

  hide(): void {
    this.turnId = '';
    this.prompt = null;
  }

  entered(roomId: string): void {
    if (this.#roomId !== roomId) {
      this.summary = null;
      this.#clear();
    }
    this.#roomId = roomId;
    void this.look();
  }

  /** Asks again after anything that moves what the AI sees. */
  async look(): Promise<void> {
    const room_id = this.#roomId;
    const asked = ++this.#asked;
    if (!room_id) return;
    try {
      const state = await this.connection.call('summary.read', { room_id });
      if (asked === this.#asked) this.told(state);
    } catch {
      // The rule in the log is a side note: the story is there without it.
    }
  }

  told(state: SummaryState): void {
    if (state.room_id === this.#roomId) this.summary = state;
  }

  heard(event: AnyEvent): void {
    switch (event.type) {
      case 'summary_changed':
        return this.told(event.state);
      case 'library_changed':
        return this.books ? this.library(event.library) : undefined;
      case 'turn_noted':
        return this.#noted(event);
      case 'turn_started':
        return event.turn.room_id === this.#roomId ? this.#clear() : undefined;
      case 'turn_ended':
      case 'room_changed':
      case 'path_changed':
        return event.room.id === this.#roomId ? void this.look() : undefined;
    }
  }

  #noted(note: TurnNoted): void {
    if (note.room_id !== this.#roomId) return;
    if (note.note === 'history_dropped') this.dropped = note.count;
    if (note.note === 'lore_unread') this.unread = [...new Set([...this.unread, note.detail])];
  }

  #clear(): void {
    this.dropped = 0;
    this.unread = [];
  }

  make = (): Promise<boolean> => this.#ask('summary.make');
  stop = (): Promise<boolean> => this.#ask('summary.stop');

  save(text: string): Promise<boolean> {
    const room_id = this.#roomId;
    return this.#take(() => this.connection.call('summary.save', { room_id, text }));
  }

  async remove(): Promise<void> {
    const text = this.summary?.summary?.text ?? '';
    if (!(await this.#ask('summary.delete')) || !text) return;
    this.notices.show({ kind: 'summary_removed', undo: () => void this.save(text) });
  }

  /** The lorebooks of the library, asked when the stage's section is opened. */
  async readBooks(): Promise<void> {
    try {
      this.library(await this.connection.call('library.list', {}));
    } catch {
      this.books ??= [];
    }
  }

  library({ entries }: LibraryList): void {
    this.books = entries.filter(({ kind, problem }) => kind === 'lorebook' && problem === null);
  }

  #ask(method: 'summary.make' | 'summary.stop' | 'summary.delete'): Promise<boolean> {
    const room_id = this.#roomId;
    return this.#take(() => this.connection.call(method, { room_id }));
  }

  async #take(call: () => Promise<SummaryState>): Promise<boolean> {
    try {
      this.told(await call());
      return true;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      this.notices.show({ kind: 'problem', problem: error.problem });
      return false;
    }
  }
}
