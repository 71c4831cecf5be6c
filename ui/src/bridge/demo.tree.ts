/** The demo's story as a tree: branches, alternatives, slots, and an undo of whole states. */
import { CallFailed, pageProblem } from './bridge';
import type { ActCode, BranchKind, Message, Slot, StoryTree } from './protocol.gen';

interface Branch {
  id: string;
  parent: string | null;
  /** The position after which it leaves its parent. */
  fork: number;
  kind: BranchKind;
  name: string;
  messages: Message[];
  made: number;
}

interface State {
  now: string;
  branches: Branch[];
  slots: Slot[];
}

interface Step {
  code: ActCode;
  state: State;
}

const HOUR = 3_600_000;
const lost = (): never => {
  throw new CallFailed(pageProblem('not_found'));
};

export class DemoTree {
  #state: State;
  #undo: Step[] = [];
  #redo: Step[] = [];
  #count = 0;

  constructor(private readonly roomId: string) {
    this.#state = { now: 'main', branches: [this.#branch('main', null, 0, 'main')], slots: [] };
  }

  get now(): string {
    return this.#state.now;
  }

  get undoCode(): ActCode | null {
    return this.#undo.at(-1)?.code ?? null;
  }

  get redoCode(): ActCode | null {
    return this.#redo.at(-1)?.code ?? null;
  }

  /** Whether a message, a branch or a slot with this id is in here. */
  holds(id: string): boolean {
    const { branches, slots } = this.#state;
    return (
      slots.some((each) => each.id === id) ||
      branches.some(
        (branch) => branch.id === id || branch.messages.some((message) => message.id === id),
      )
    );
  }

  /** The messages of the path to a branch's end, each with its place among its alternatives. */
  path(id = this.#state.now): Message[] {
    const branch = this.#find(id);
    const before = branch.parent
      ? this.path(branch.parent).filter((each) => each.position <= branch.fork)
      : [];
    return [...before, ...branch.messages].map((each) => this.#counted(each));
  }

  add(message: Message): Message {
    const { messages, fork } = this.#find(this.now);
    message.branch_id = this.now;
    message.position = (messages.at(-1)?.position ?? fork) + 1;
    messages.push(message);
    return this.#counted(message);
  }

  /** Changes the stored row and gives it back. */
  change(id: string, part: Partial<Message>): Message {
    for (const { messages } of this.#state.branches) {
      const at = messages.findIndex((each) => each.id === id);
      const found = messages[at];
      if (!found) continue;
      const changed = { ...found, ...part };
      messages[at] = changed;
      return this.#counted(changed);
    }
    return lost();
  }

  get(id: string): Message {
    return this.change(id, {});
  }

  remove(id: string, andBelow: boolean): void {
    const { position } = this.get(id);
    const gone = new Set(
      this.path()
        .filter((each) => each.id === id || (andBelow && each.position > position))
        .map((each) => each.id),
    );
    for (const branch of this.#state.branches)
      branch.messages = branch.messages.filter((each) => !gone.has(each.id));
  }

  /** Remembers how it is, so that what follows can be undone. */
  act(code: ActCode): void {
    this.#undo.push({ code, state: structuredClone(this.#state) });
    this.#redo = [];
  }

  undo(): ActCode | null {
    return this.#swap(this.#undo, this.#redo);
  }

  redo(): ActCode | null {
    return this.#swap(this.#redo, this.#undo);
  }

  /** A new branch that goes on after a position of the path that is shown. */
  fork(position: number, kind: BranchKind, name = ''): string {
    const path = this.path();
    const parent =
      path.findLast((each) => each.position <= position)?.branch_id ?? this.#root(this.now);
    const id = `branch-${++this.#count}`;
    this.#state.branches.push(this.#branch(id, parent, position, kind, name));
    this.#state.now = id;
    return id;
  }

  /** An empty conversation beside the old one. */
  clear(): void {
    const id = `branch-${++this.#count}`;
    this.#state.branches.push(this.#branch(id, null, 0, 'fresh'));
    this.#state.now = id;
  }

  go(id: string): void {
    this.#state.now = this.#find(id).id;
  }

  name(id: string, name: string): void {
    this.#find(id).name = name;
  }

  delete(id: string): void {
    const gone = new Set([id]);
    for (const each of this.#state.branches)
      if (each.parent && gone.has(each.parent)) gone.add(each.id);
    if (gone.has(this.now)) throw new CallFailed(pageProblem('invalid_request'));
    this.#state.branches = this.#state.branches.filter((each) => !gone.has(each.id));
  }

  switchTo(id: string, to: number): void {
    const next = this.#siblings(this.get(id))[to - 1];
    if (!next) return lost();
    const end = this.#state.branches
      .filter(({ id: branch }) => this.path(branch).some((each) => each.id === next.id))
      .sort((a, b) => a.made - b.made)
      .at(-1);
    this.#state.now = end?.id ?? next.branch_id;
  }

  get slots(): Slot[] {
    return [...this.#state.slots].sort((a, b) => b.created_at - a.created_at);
  }

  saveSlot(name: string, before: ActCode | null = null, ago = 0): void {
    const last = this.path().at(-1);
    this.#state.slots.push({
      id: `slot-${++this.#count}`,
      room_id: this.roomId,
      branch_id: this.now,
      position: last?.position ?? 0,
      name,
      before,
      last_line: last?.text.split('\n')[0] ?? '',
      created_at: Date.now() - ago * HOUR,
    });
  }

  goToSlot(id: string): void {
    const slot = this.#state.slots.find((each) => each.id === id) ?? lost();
    this.go(slot.branch_id);
    if ((this.path().at(-1)?.position ?? 0) > slot.position) this.fork(slot.position, 'slot');
  }

  nameSlot(id: string, name: string): void {
    this.#state.slots = this.#state.slots.map((each) =>
      each.id === id ? { ...each, name } : each,
    );
  }

  deleteSlot(id: string): void {
    this.#state.slots = this.#state.slots.filter((each) => each.id !== id);
  }

  tree(): StoryTree {
    return {
      room_id: this.roomId,
      now: this.now,
      slots: this.slots,
      branches: this.#state.branches.map((each) => ({
        id: each.id,
        parent_id: each.parent,
        fork_position: each.fork,
        tip_position: each.messages.at(-1)?.position ?? each.fork,
        message_count: this.path(each.id).length,
        kind: each.kind,
        name: each.name,
        last_line: each.messages.at(-1)?.text.split('\n')[0] ?? '',
        created_at: each.made,
        used_at: each.messages.at(-1)?.created_at ?? each.made,
      })),
    };
  }

  #swap(from: Step[], to: Step[]): ActCode | null {
    const step = from.pop();
    if (!step) return null;
    to.push({ code: step.code, state: this.#state });
    this.#state = step.state;
    return step.code;
  }

  #branch(id: string, parent: string | null, fork: number, kind: BranchKind, name = ''): Branch {
    return { id, parent, fork, kind, name, messages: [], made: Date.now() };
  }

  #find(id: string): Branch {
    return this.#state.branches.find((each) => each.id === id) ?? lost();
  }

  #root(id: string): string {
    const { parent } = this.#find(id);
    return parent ? this.#root(parent) : id;
  }

  #siblings({ branch_id, position }: Message): Message[] {
    const own = this.#find(branch_id);
    const parent = own.messages[0]?.position === position ? (own.parent ?? own.id) : own.id;
    return this.#state.branches
      .filter(
        (each) => each.id === parent || (each.parent === parent && each.fork === position - 1),
      )
      .flatMap((each) => each.messages.filter((message) => message.position === position))
      .sort((a, b) => a.created_at - b.created_at);
  }

  #counted(message: Message): Message {
    const all = this.#siblings(message);
    const alternative = all.findIndex((each) => each.id === message.id) + 1;
    return { ...message, alternatives: Math.max(1, all.length), alternative: alternative || 1 };
  }
}
