/** What one speaker is saying: the stored row, and its text while it still grows. */
import type { Message } from '../bridge/protocol.gen';

type Ear = (added: string) => void;

export class Utterance {
  /** The stored row; its text is behind {@link text} while it streams. */
  message: Message = $state.raw() as Message;
  /** Mine, shown before the program has stored it. */
  readonly pending: boolean;
  /** Stopped on screen before the program has answered: what still comes is not shown. */
  halted = $state(false);

  #text: string;
  #ears = new Set<Ear>();

  constructor(message: Message, pending = false) {
    this.message = message;
    this.#text = message.text;
    this.pending = pending;
  }

  get id(): string {
    return this.message.id;
  }

  /** Everything said so far. Not reactive on purpose: listen instead. */
  get text(): string {
    return this.#text;
  }

  get live(): boolean {
    return this.message.status === 'streaming' && !this.halted;
  }

  listen(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => this.#ears.delete(ear);
  }

  grow(added: string): void {
    if (!this.live) return;
    this.#text += added;
    for (const ear of this.#ears) ear(added);
  }

  /** The row as it is now stored. */
  settle(message: Message): void {
    this.#text = message.text;
    this.message = message;
    if (message.status !== 'streaming') this.halted = false;
  }
}

/** My line as it is shown before the program has stored it, behind the newest one. */
export function unsent(
  id: string,
  room_id: string,
  last: Message | undefined,
  said: { text: string; asNarrator: boolean; name: string },
): Message {
  return {
    id,
    room_id,
    branch_id: last?.branch_id ?? '',
    position: (last?.position ?? 0) + 1,
    turn_id: '',
    author: { kind: said.asNarrator ? 'narrator' : 'user', name: said.name, id: '', dye: '' },
    text: said.text,
    status: 'complete',
    created_at: Date.now(),
    edited_at: null,
    hidden: false,
    roll: null,
    alternatives: 1,
    alternative: 1,
    by: null,
  };
}
