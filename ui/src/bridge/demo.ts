/** A complete bridge inside the page: for developing, for tests, for looking at the design. */
import { CallFailed, Inbox, pageProblem, type Bridge } from './bridge';
import { backupHandlers, totals } from './demo.backup';
import { bookHandlers } from './demo.book';
import { autoHandlers } from './demo.auto';
import { speechHandlers } from './demo.aloud';
import { connectHandlers, PROVIDERS, statusOf } from './demo.connect';
import { diceHandlers } from './demo.dice';
import { storyHandlers } from './demo.deeds';
import { cardHandlers } from './demo.cards';
import { libraryHandlers } from './demo.library';
import { DemoProfiles, profileHandlers } from './demo.profiles';
import { rescueHandlers } from './demo.rescue';
import { transferHandlers } from './demo.transfer';
import type { DemoOptions } from './demo.options';
import { BEFORE, ME, MORE, NARRATOR, SCENES, STAGE } from './demo.story';
import { promptHandlers } from './demo.prompt';
import { shelfHandlers } from './demo.rooms';
import { sceneHandlers } from './demo.scenes';
import { searchHandlers } from './demo.search';
import { DemoTree } from './demo.tree';
import { newRoom, newTurn } from './demo.turn';
import { noUsage, together, withTurn } from './demo.usage';
import {
  DEFAULT_SETTINGS,
  type AnyEvent,
  type Author,
  type Message,
  type MethodName,
  type Methods,
  type Room,
  type RoomView,
  type UsageSums,
  type Settings,
  type Stage,
  type Turn,
} from './protocol.gen';

export type { DemoOptions } from './demo.options';

type Handlers = {
  [M in MethodName]: (params: Methods[M]['params']) => Methods[M]['result'];
};

const HOUR = 3_600_000;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

class Demo {
  readonly inbox = new Inbox();
  readonly #profiles: DemoProfiles;
  #sequence = 0;
  #count = 0;
  #scene = 0;
  #settings: Settings;
  #usage = new Map<string, UsageSums>();
  #rooms = new Map<
    string,
    { room: Room; tree: DemoTree; running: Turn | null; last: Turn | null }
  >();
  #stop: (() => void) | undefined;
  constructor(private readonly options: DemoOptions) {
    this.#settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.#profiles = new DemoProfiles(options.locked ?? false);
    const story = this.#create('안개 항로 우체국', 'demo');
    story.room.stage = STAGE;
    const before = [...Array(options.history ?? 0).keys()].flatMap(() => BEFORE);
    for (const [author, text] of [...before, ...BEFORE])
      this.#store('demo', author, text, 'complete');
    const other = this.#create('종착역 없는 야간열차', 'train');
    other.room.updated_at -= 26 * HOUR;
    this.#store('train', NARRATOR, '차창에 비친 사람은 맞은편 자리에 없었다.', 'complete');
    other.room.updated_at -= 26 * HOUR;
  }
  readonly handlers: Handlers = {
    'app.open': () => ({
      version: '0.1.0',
      sequence: this.#sequence,
      settings: this.#settings,
      rooms: (this.#profiles.open ? [...this.#rooms.values()] : [])
        .map(({ room }) => room)
        .filter((room) => room.trashed_at === null),
      room: this.#profiles.open ? this.#view('demo') : null,
      providers: PROVIDERS,
      statuses: PROVIDERS.map(({ id }) => statusOf(id)),
      platform: 'linux',
      first_start: this.options.first ?? false,
      now: Date.now(),
      profiles: this.#profiles.seen(),
    }),
    ...profileHandlers(() => this.#profiles),
    ...rescueHandlers,
    'app.report': () => ({ log_id: 'demo' }),
    'room.open': ({ room_id }) => this.#view(room_id),
    ...diceHandlers(
      (id, author, text) => this.#store(id, author, text, 'complete'),
      (id) => this.#at(id).tree,
    ),
    'room.prepare': () => ({}),
    'usage.read': ({ room_id = '' }) =>
      room_id
        ? this.#usageOf(room_id)
        : together(
            [...this.#rooms.keys()].map((id) => this.#usageOf(id)),
            (id) => this.#at(id).room.title,
          ),
    'room.create': ({ title }) => {
      const id = this.#id('room');
      this.#create(title, id);
      return this.#view(id);
    },
    'room.rename': ({ room_id, title }) => this.#change(room_id, { title }),
    'room.trash': ({ room_id }) => this.#change(room_id, { trashed_at: Date.now() }),
    'room.restore': ({ room_id }) => this.#change(room_id, { trashed_at: null }),
    'room.stage': ({ room_id, stage }) => this.#change(room_id, { stage }),
    'room.draft': ({ room_id, text }) => {
      this.#change(room_id, { draft: text });
      return {};
    },
    'message.page': ({ room_id, before, limit = 60, branch_id }) => {
      const all = this.#at(room_id).tree.path(branch_id ?? undefined);
      const older = all.filter((each) => each.position < before);
      return { messages: older.slice(-limit), has_more: older.length > limit };
    },
    'turn.send': ({ room_id, text, as_narrator }) => {
      if (this.#at(room_id).running) throw new CallFailed(pageProblem('busy'));
      const message = this.#store(room_id, as_narrator ? NARRATOR : ME, text, 'complete');
      this.#emit({ type: 'message_added', message });
      return { message, turn: this.#play(room_id) };
    },
    'turn.stop': () => {
      this.#stop?.();
      return {};
    },
    ...storyHandlers({
      at: (id) => this.#free(this.#at(id)),
      holding: (id) => this.#free(this.#holding(id)),
      emit: (...events) => this.#emit(...events),
      settle: (stand) => this.#settle(stand.room.id),
      play: (roomId, more) => this.#play(roomId, more?.onto),
    }),
    ...shelfHandlers({
      all: () => [...this.#rooms.values()].map(({ room }) => room),
      change: (id, part) => this.#change(id, part),
      copy: (id, title, withStory) => this.#copy(id, title, withStory),
      drop: (id) => void this.#rooms.delete(id),
    }),
    ...searchHandlers(() =>
      [...this.#rooms.values()]
        .filter(({ room }) => room.trashed_at === null)
        .map(({ room, tree }) => ({ room, path: tree.path() })),
    ),
    ...bookHandlers(
      () => [...this.#rooms.values()].map(({ room, tree }) => ({ room, path: tree.path() })),
      (...events) => this.#emit(...events),
    ),
    ...sceneHandlers(STAGE, (title, stage) => this.#lay(title, stage)),
    ...libraryHandlers({
      stage: (id) => this.#at(id).room.stage,
      restage: (id, stage) => {
        const room = this.#change(id, { stage });
        this.#emit({ type: 'room_changed', room });
        return room;
      },
      lay: (title, stage) => this.#lay(title, stage),
      emit: (...events) => this.#emit(...events),
    }),
    ...backupHandlers(
      () => [...this.#rooms.values()],
      () => this.handlers,
      () => this.#profiles.seen(),
    ),
    ...transferHandlers(
      (...events) => this.#emit(...events),
      () => totals([...this.#rooms.values()]),
    ),
    ...promptHandlers({
      at: (id) => this.#at(id).room,
      texts: (turnId) =>
        [...this.#rooms.values()]
          .flatMap(({ tree }) => tree.path())
          .filter(({ turn_id }) => turn_id === turnId)
          .map(({ text }) => text),
      emit: (...events) => this.#emit(...events),
    }),
    ...autoHandlers(),
    ...speechHandlers((...events) => this.#emit(...events)),
    ...cardHandlers,
    ...connectHandlers((...events) => this.#emit(...events)),
    'settings.change': ({ settings }) => (this.#settings = settings),
  };

  #id = (kind: string): string => `${kind}-${++this.#count}`;

  #copy(id: string, title: string, withStory: boolean): RoomView {
    const { room, tree } = this.#at(id);
    const copy = this.#id('room');
    this.#create(title, copy).room.stage = room.stage;
    for (const { author, text } of withStory ? tree.path() : [])
      this.#store(copy, author, text, 'complete');
    return this.#view(copy);
  }

  #free<T extends { running: Turn | null }>(found: T): T {
    if (found.running) throw new CallFailed(pageProblem('busy'));
    return found;
  }

  #holding(id: string) {
    const found = [...this.#rooms.values()].find(({ tree }) => tree.holds(id));
    if (!found) throw new CallFailed(pageProblem('not_found'));
    return found;
  }

  /** Brings the room's own row in line with the path it shows. */
  #settle(id: string): Room {
    const { tree } = this.#at(id);
    const all = tree.path();
    return this.#change(id, {
      branch_id: tree.now,
      message_count: all.length,
      last_line: all.at(-1)?.text.split('\n')[0] ?? '',
      updated_at: Date.now(),
    });
  }

  #at(id: string) {
    const found = this.#rooms.get(id);
    if (!found) throw new CallFailed(pageProblem('not_found'));
    return found;
  }

  /** A cleared room begins at nothing. */
  #usageOf(id: string): UsageSums {
    return (this.#at(id).last && this.#usage.get(id)) || noUsage(id);
  }

  #view(id: string): RoomView {
    const { room, tree, running, last } = this.#at(id);
    const messages = tree.path();
    return {
      room,
      messages: messages.slice(-60),
      has_more: messages.length > 60,
      running,
      last_turn: last,
      usage: this.#usageOf(id),
      sequence: this.#sequence,
      auto: null,
      next: null,
    };
  }

  #lay(title: string, stage: Stage): RoomView {
    const id = this.#id('room');
    this.#create(title, id).room.stage = stage;
    return this.#view(id);
  }

  #create(title: string, id: string) {
    const room = newRoom(title, id);
    const made = { room, tree: new DemoTree(id), running: null, last: null };
    this.#rooms.set(id, made);
    return made;
  }

  #change(id: string, part: Partial<Room>): Room {
    const found = this.#at(id);
    found.room = { ...found.room, ...part };
    return found.room;
  }

  #store(
    room_id: string,
    author: Author,
    text: string,
    status: Message['status'],
    turn_id = '',
  ): Message {
    const message = this.#at(room_id).tree.add({
      id: this.#id('message'),
      room_id,
      branch_id: '',
      position: 0,
      turn_id,
      author,
      text,
      status,
      created_at: Date.now(),
      edited_at: null,
      hidden: false,
      roll: null,
      alternatives: 1,
      alternative: 1,
      by: null,
    });
    this.#settle(room_id);
    return message;
  }

  #emit(...events: AnyEvent[]): void {
    this.#sequence += events.length;
    this.inbox.receive({ last: this.#sequence, events });
  }

  #play(room_id: string, onto?: Message): Turn {
    const { provider } = this.#at(room_id).room.stage;
    const turn = newTurn(this.#id('turn'), room_id, provider);
    this.#at(room_id).running = turn;
    queueMicrotask(() => {
      this.#emit({ type: 'turn_started', turn });
      void this.#tell(turn, onto);
    });
    return turn;
  }

  async #tell(turn: Turn, onto?: Message): Promise<void> {
    const scene = onto
      ? [{ author: onto.author, text: MORE }]
      : (SCENES[this.#scene++ % SCENES.length] ?? []);
    let stopped = false;
    this.#stop = () => (stopped = true);
    const pace = this.options.paceMs ?? 24;
    await pause(pace * 12);
    const speak = async ({ author, text }: (typeof scene)[number]): Promise<void> => {
      const pieces = text.match(/.{1,3}/gsu) ?? [];
      if (stopped) return;
      const { tree } = this.#at(turn.room_id);
      let message: Message;
      if (onto) {
        message = tree.change(onto.id, { status: 'streaming' });
        this.#emit({ type: 'message_changed', message });
      } else {
        const first = pieces.shift() ?? '';
        message = this.#store(turn.room_id, author, first, 'streaming', turn.id);
        this.#emit({ type: 'message_added', message });
      }
      for (const piece of pieces) {
        await pause(pace * piece.length);
        if (stopped) break;
        message = tree.change(message.id, { text: message.text + piece });
        this.#emit({ type: 'message_grew', message_id: message.id, text: piece });
      }
      message = tree.change(message.id, { status: stopped ? 'stopped' : 'complete' });
      this.#emit({ type: 'message_changed', message });
    };
    const problem = this.options.problem;
    if (problem) await pause(pace * 20);
    for (let at = 0; !problem && at < scene.length; at += 1) {
      const now = scene.slice(at, at + (scene[at + 1]?.together ? 2 : 1));
      await Promise.all(now.map(speak));
      at += now.length - 1;
    }
    this.#end(turn, stopped);
  }

  #end(turn: Turn, stopped: boolean): void {
    const { problem } = this.options;
    const found = this.#at(turn.room_id);
    const practice = turn.provider === 'storyteller';
    const ended: Turn = {
      ...turn,
      outcome: problem ? 'failed' : stopped ? 'stopped' : 'complete',
      problem: problem
        ? pageProblem(problem, { provider: 'claude', ways_on: ['sign_in', 'change_provider'] })
        : null,
      usage: practice
        ? turn.usage
        : {
            ...turn.usage,
            input: 61_204,
            output: 2_871,
            cache_read: 19_925,
            context_window: 200_000,
            source: 'reported',
          },
      total_ms: Date.now() - turn.started_at,
    };
    found.running = null;
    const said = found.tree.path().filter((each) => each.turn_id === turn.id);
    const usage = withTurn(this.#usageOf(turn.room_id), ended, said);
    this.#usage.set(turn.room_id, usage);
    found.last = ended;
    this.#emit({ type: 'turn_ended', turn: ended, room: found.room, usage });
  }
}

/** Answers like the program: later, and with copies that nobody shares. */
export function connectDemo(options: DemoOptions = {}): Bridge {
  const demo = new Demo(options);
  const answer = (method: MethodName, params: unknown): unknown =>
    (demo.handlers[method] as (params: unknown) => unknown)(structuredClone(params));
  return {
    async call(method, params) {
      await Promise.resolve();
      return structuredClone(answer(method, params)) as never;
    },
    onBatch: (listener) => demo.inbox.listen((batch) => listener(structuredClone(batch))),
  };
}
