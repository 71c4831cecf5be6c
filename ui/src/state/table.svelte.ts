/** The talk of the open room: what was said, what is being said, and the turn that runs. */
import { problemOf } from '../bridge/bridge';
import type {
  Message,
  MessageRemoved,
  Path,
  Problem,
  RoomView,
  Sent,
  Turn,
  TurnNoted,
  UsageSums,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import { FarRows } from './far.svelte';
import { Utterance, unsent } from './utterance.svelte';

/** Rows asked for at once when the reader goes back in the story. */
const PAGE = 60;
/** A line at most so many rows above the loaded ones is reached through all that lie between. */
const NEAR = 600;
/** Rows asked for at once on that way: as many as one call gives. */
const FAR_PAGE = 200;
/** How many rows stay in memory while the reader is at the newest one. */
const KEEP = 400;

export class TableState {
  roomId = $state('');
  utterances: Utterance[] = $state.raw([]);
  /** Where the reader is while that is far above {@link utterances}. */
  far: FarRows | null = $state.raw(null);
  hasMore = $state(false);
  loading = $state(false);
  running: Turn | null = $state.raw(null);
  lastTurn: Turn | null = $state.raw(null);
  /** What the room has used since it was last cleared. */
  usage: UsageSums | null = $state.raw(null);
  note: TurnNoted | null = $state.raw(null);
  stopping = $state(false);
  /** A call between my pressing send and the program's answer. */
  asking = $state(false);
  /** What went wrong with the newest call of this room; a turn keeps its own problem. */
  problem: Problem | null = $state.raw(null);

  /** The events up to this number are already in what is shown. */
  since = 0;

  #byId = new Map<string, Utterance>();
  #pendingCount = 0;

  constructor(private readonly connection: Connection) {}

  get speaking(): Utterance[] {
    return this.utterances.filter((each) => each.live);
  }

  /** The rows the reader is at: far up, or the newest ones. */
  get shown(): Utterance[] {
    return this.far?.rows ?? this.utterances;
  }

  get olderThanShown(): boolean {
    return this.far?.hasMore ?? this.hasMore;
  }

  find(id: string): Utterance | undefined {
    return this.#byId.get(id) ?? this.far?.find(id);
  }

  get last(): Utterance | undefined {
    return this.utterances.at(-1);
  }

  /** Takes a row off the table; the returned function puts it back where it was. */
  take(ids: ReadonlySet<string>): () => void {
    const gone = this.utterances.filter((each) => ids.has(each.id));
    this.utterances = this.utterances.filter((each) => !ids.has(each.id));
    for (const each of gone) this.#byId.delete(each.id);
    const { far } = this;
    const farRows = far?.rows;
    far?.without(ids);
    const roomId = this.roomId;
    return () => {
      if (roomId !== this.roomId) return;
      if (far && farRows) far.rows = farRows;
      for (const each of gone) if (!this.#byId.has(each.id)) this.#insert(each);
    };
  }

  get busy(): boolean {
    return this.running !== null || this.asking;
  }

  /** What stands at the end of the talk if the newest turn or call went wrong. */
  get trouble(): Problem | null {
    return this.problem ?? (this.busy ? null : (this.lastTurn?.problem ?? null));
  }

  show(view: RoomView | null): void {
    this.roomId = view?.room.id ?? '';
    this.utterances = (view?.messages ?? []).map((message) => new Utterance(message));
    this.#byId = new Map(this.utterances.map((each) => [each.id, each]));
    this.far = null;
    this.since = view?.sequence ?? 0;
    this.hasMore = view?.has_more ?? false;
    this.running = view?.running ?? null;
    this.lastTurn = view?.last_turn ?? null;
    this.usage = view?.usage ?? null;
    this.note = null;
    this.problem = null;
    this.stopping = false;
    this.asking = false;
    this.loading = false;
  }

  /** Another path of the same room: what stands in both stays as it is drawn. */
  turnTo(path: Path & { usage?: UsageSums | null }): void {
    if (path.room.id !== this.roomId) return;
    this.usage = path.usage ?? this.usage;
    this.far = null;
    const rows = path.messages.map((message) => {
      const known = this.#byId.get(message.id);
      known?.settle(message);
      return known ?? new Utterance(message);
    });
    const first = path.messages[0];
    const above = first ? this.#above(first, path.has_more) : [];
    this.utterances = [...above, ...rows];
    this.#byId = new Map(this.utterances.map((each) => [each.id, each]));
    this.hasMore = above.length > 0 ? this.hasMore : path.has_more;
    this.lastTurn = path.last_turn;
    this.problem = null;
  }

  /** Shows my line at once. Rejects with the problem if the program did not take it. */
  async send(
    text: string,
    asNarrator: boolean,
    mine: { name: string; after?: Promise<void> },
  ): Promise<void> {
    const roomId = this.roomId;
    const pending = this.#pend(text, asNarrator, mine.name);
    this.problem = null;
    this.asking = true;
    try {
      await mine.after;
      const sent = await this.connection.call('turn.send', {
        room_id: roomId,
        text,
        as_narrator: asNarrator,
      });
      if (roomId !== this.roomId) return;
      if (sent.message) this.added(sent.message);
      this.#startedOnce(sent.turn);
    } catch (error) {
      if (roomId === this.roomId) this.problem = problemOf(error);
      throw error;
    } finally {
      if (roomId === this.roomId) {
        this.#drop(pending);
        this.asking = false;
      }
    }
  }

  /** Has the program roll what a line asks for. Rejects if it cannot be rolled. */
  async roll(text: string): Promise<void> {
    const roomId = this.roomId;
    this.problem = null;
    try {
      const { messages } = await this.connection.call('dice.roll', { room_id: roomId, text });
      if (roomId === this.roomId) for (const message of messages) this.added(message);
    } catch (error) {
      if (roomId === this.roomId) this.problem = problemOf(error);
      throw error;
    }
  }

  /** Has an answer written once more: this one, or the newest. */
  again(messageId: string | null = null, direction = ''): Promise<boolean> {
    return this.#ask(() =>
      this.connection.call('turn.again', {
        room_id: this.roomId,
        message_id: messageId,
        direction,
      }),
    );
  }

  /** Has the newest message go on where it ends. */
  goOn(messageId: string): Promise<boolean> {
    return this.#ask(() => this.connection.call('message.continue', { message_id: messageId }));
  }

  /** Has whoever is next say something, without a line of mine. */
  nextVoice(): Promise<boolean> {
    return this.#ask(() => this.connection.call('turn.continue', { room_id: this.roomId }));
  }

  /** False if it was not taken; the talk then says why. */
  async #ask(call: () => Promise<Sent>): Promise<boolean> {
    if (this.busy) return false;
    const roomId = this.roomId;
    this.problem = null;
    this.asking = true;
    try {
      const sent = await call();
      if (roomId === this.roomId) this.#startedOnce(sent.turn);
      return true;
    } catch (error) {
      if (roomId === this.roomId) this.problem = problemOf(error);
      return false;
    } finally {
      if (roomId === this.roomId) this.asking = false;
    }
  }

  /** Stops on screen at once, whatever the other side still does. */
  async stop(): Promise<void> {
    const turn = this.running;
    if (!turn || this.stopping) return;
    this.stopping = true;
    for (const each of this.speaking) each.halted = true;
    try {
      await this.connection.call('turn.stop', { turn_id: turn.id });
    } catch (error) {
      this.stopping = false;
      this.problem = problemOf(error);
    }
  }

  /** Loads where a message stands; false if it does not stand on this path. */
  async reach(id: string, position: number): Promise<boolean> {
    const roomId = this.roomId;
    const newest = this.utterances[0]?.message.position ?? 0;
    if (this.far?.find(id)) return true;
    if (this.hasMore && newest - position > NEAR) {
      const joinsAt = (): number => this.utterances[0]?.message.position ?? 0;
      const far = new FarRows(
        this.connection,
        roomId,
        joinsAt,
        (problem) => (this.problem = problem),
      );
      const found = await far.open(id, position);
      if (found && roomId === this.roomId) this.far = far;
      return found && roomId === this.roomId;
    }
    this.far = null;
    while (roomId === this.roomId && !this.#byId.has(id)) {
      const first = this.utterances[0]?.message.position ?? 0;
      if (!this.hasMore || this.loading || first <= position) return false;
      await this.loadOlder(FAR_PAGE);
      if ((this.utterances[0]?.message.position ?? 0) === first) return false;
    }
    return roomId === this.roomId;
  }

  /** Reads on from far up; once the newest rows are reached all of them stand in one row. */
  async loadNewer(): Promise<void> {
    const { far } = this;
    if (!far || !(await far.loadNewer()) || this.far !== far) return;
    for (const each of far.rows) this.#byId.set(each.id, each);
    this.utterances = [...far.rows, ...this.utterances];
    this.hasMore = far.hasMore;
    this.far = null;
  }

  async loadOlder(limit = PAGE): Promise<void> {
    if (this.far) return this.far.loadOlder(limit);
    const first = this.utterances[0];
    if (!this.hasMore || this.loading || !first) return;
    const roomId = this.roomId;
    this.loading = true;
    try {
      const before = first.message.position;
      const page = await this.connection.call('message.page', {
        room_id: roomId,
        before,
        limit,
      });
      if (roomId !== this.roomId) return;
      const older = page.messages.filter((message) => !this.#byId.has(message.id));
      const rows = older.map((message) => new Utterance(message));
      for (const each of rows) this.#byId.set(each.id, each);
      this.utterances = [...rows, ...this.utterances];
      this.hasMore = page.has_more;
    } catch (error) {
      if (roomId === this.roomId) this.problem = problemOf(error);
    } finally {
      if (roomId === this.roomId) this.loading = false;
    }
  }

  /** Lets go of far older rows; they can be asked for again. */
  forgetOld(): void {
    this.far = null;
    if (this.utterances.length <= KEEP * 1.5) return;
    for (const each of this.utterances.slice(0, -KEEP)) this.#byId.delete(each.id);
    this.utterances = this.utterances.slice(-KEEP);
    this.hasMore = true;
  }

  started(turn: Turn): void {
    if (turn.room_id !== this.roomId) return;
    this.running = turn;
    this.note = null;
    this.stopping = false;
    this.problem = null;
  }

  noted(note: TurnNoted): void {
    if (note.room_id === this.roomId) this.note = note;
  }

  ended(turn: Turn, usage: UsageSums | null): void {
    if (turn.room_id !== this.roomId) return;
    this.usage = usage ?? this.usage;
    this.lastTurn = turn;
    // More voices answer the same line: until the next one begins this turn can be stopped.
    const more = turn.following > 0 && turn.outcome === 'complete';
    if (this.running?.id === turn.id && !more) this.running = null;
    this.note = null;
    this.stopping = false;
  }

  added(message: Message): void {
    if (message.room_id !== this.roomId) return;
    const known = this.#byId.get(message.id);
    if (known) return known.settle(message);
    const first = this.utterances[0];
    if (this.hasMore && first && message.position < first.message.position) return;
    const waiting = this.utterances.find((each) => each.pending && each.text === message.text);
    if (waiting) this.#drop(waiting);
    this.#insert(new Utterance(message));
  }

  grew(id: string, text: string): void {
    this.#byId.get(id)?.grow(text);
  }

  changed(message: Message): void {
    this.find(message.id)?.settle(message);
  }

  removed({ room_id, message_id }: MessageRemoved): void {
    if (room_id !== this.roomId) return;
    this.#byId.delete(message_id);
    this.far?.without(new Set([message_id]));
    this.utterances = this.utterances.filter((each) => each.id !== message_id);
  }

  /** The answer of the call and the event race; an ended turn never starts again. */
  #startedOnce(turn: Turn): void {
    if (this.running?.id === turn.id || this.lastTurn?.id === turn.id) return;
    this.started(turn);
  }

  #pend(text: string, asNarrator: boolean, name: string): Utterance {
    const id = `pending-${++this.#pendingCount}`;
    const said = { text, asNarrator, name };
    const pending = new Utterance(unsent(id, this.roomId, this.last?.message, said), true);
    this.utterances = [...this.utterances, pending];
    return pending;
  }

  #drop(pending: Utterance): void {
    if (this.utterances.includes(pending))
      this.utterances = this.utterances.filter((each) => each !== pending);
  }

  /** What is loaded above the page of a path, where it surely belongs to that path too. */
  #above(first: Message, hasMore: boolean): Utterance[] {
    if (!hasMore || !this.#byId.has(first.id)) return [];
    const at = this.utterances.findIndex((each) => each.id === first.id);
    return this.utterances.slice(0, at);
  }

  /** Rows stand in the order of their positions, whatever order they come in. */
  #insert(fresh: Utterance): void {
    this.#byId.set(fresh.id, fresh);
    const rows = [...this.utterances];
    let at = rows.length;
    while (at > 0 && (rows[at - 1]?.message.position ?? 0) > fresh.message.position) at -= 1;
    rows.splice(at, 0, fresh);
    this.utterances = rows;
  }
}
