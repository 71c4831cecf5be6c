/** A bridge for tests: answers what it is told, and lets the test push batches. */
import { CallFailed, Inbox, pageProblem, type Bridge } from '../src/bridge/bridge';
import {
  DEFAULT_SETTINGS,
  DEFAULT_STAGE,
  type AnyEvent,
  type Message,
  type MethodName,
  type Methods,
  type Opened,
  type ProblemCode,
  type Room,
  type RoomView,
  type Turn,
} from '../src/bridge/protocol.gen';

type Answers = { [M in MethodName]?: (params: Methods[M]['params']) => unknown };

export class TestBridge implements Bridge {
  readonly calls: [method: MethodName, params: unknown][] = [];
  #inbox = new Inbox();
  #last = 0;

  constructor(readonly answers: Answers = {}) {}

  async call<M extends MethodName>(
    method: M,
    params: Methods[M]['params'],
  ): Promise<Methods[M]['result']> {
    this.calls.push([method, params]);
    const answer = this.answers[method];
    if (!answer) throw new Error(`nobody answers ${method}`);
    return (await answer(params)) as Methods[M]['result'];
  }

  onBatch(listener: Parameters<Bridge['onBatch']>[0]): void {
    this.#inbox.listen(listener);
  }

  push(...events: AnyEvent[]): void {
    this.pushAs(this.#last + events.length, ...events);
  }

  pushAs(last: number, ...events: AnyEvent[]): void {
    this.#last = last;
    this.#inbox.receive({ last, events });
  }

  sent(method: MethodName): unknown[] {
    return this.calls.filter(([name]) => name === method).map(([, params]) => params);
  }
}

export const fail = (code: ProblemCode) => (): never => {
  throw new CallFailed(pageProblem(code));
};

export const room = (id = 'r1', more: Partial<Room> = {}): Room => ({
  id,
  title: `room ${id}`,
  stage: { ...DEFAULT_STAGE, me: { name: 'Me', description: '', picture: '' } },
  branch_id: 'b',
  message_count: 0,
  last_line: '',
  draft: '',
  created_at: 0,
  updated_at: 0,
  trashed_at: null,
  archived_at: null,
  sort_order: 0,
  ...more,
});

export const message = (id: string, position: number, more: Partial<Message> = {}): Message => ({
  id,
  room_id: 'r1',
  branch_id: 'b',
  position,
  turn_id: 't1',
  author: { kind: 'character', name: 'Ana', id: 'ana', dye: 'iki' },
  text: '',
  status: 'complete',
  created_at: 0,
  edited_at: null,
  hidden: false,
  roll: null,
  alternatives: 1,
  alternative: 1,
  by: null,
  ...more,
});

export const turn = (id = 't1', more: Partial<Turn> = {}): Turn => ({
  id,
  room_id: 'r1',
  provider: 'storyteller',
  model: '',
  voice: '',
  following: 0,
  automatic: false,
  outcome: 'running',
  problem: null,
  usage: {
    input: 0,
    cache_read: 0,
    cache_write: 0,
    output: 0,
    reasoning: 0,
    cost_usd: null,
    context_window: null,
    source: 'none',
  },
  first_text_ms: null,
  total_ms: null,
  started_at: 0,
  ...more,
});

export const view = (more: Partial<RoomView> = {}): RoomView => ({
  room: room(),
  messages: [],
  has_more: false,
  running: null,
  last_turn: null,
  usage: null,
  sequence: 0,
  auto: null,
  next: null,
  ...more,
});

export const opened = (more: Partial<Opened> = {}): Opened => ({
  version: '1',
  sequence: 0,
  settings: DEFAULT_SETTINGS,
  rooms: [room()],
  room: view(),
  providers: [],
  statuses: [],
  platform: 'linux',
  first_start: false,
  now: 0,
  profiles: null,
  ...more,
});
