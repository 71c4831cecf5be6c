/** A text is tried on a lorebook as it stands now, saved or not: what fires, what does not, why. */
import { problemOf } from '../bridge/bridge';
import type { LoreReason, Lorebook, Problem } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';

const REST_MS = 250;

export class LoreTestState {
  text = $state('');
  /** The newest messages of the open room are looked through too. */
  withRoom = $state(false);
  reasons: LoreReason[] = $state.raw([]);
  tokens = $state(0);
  busy = $state(false);
  problem: Problem | null = $state.raw(null);

  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly connection: Connection) {}

  get fired(): LoreReason[] {
    return this.reasons.filter((each) => each.cause !== null);
  }

  get passed(): LoreReason[] {
    return this.reasons.filter((each) => each.cause === null);
  }

  /** Tries the text once nobody writes any more; the newest question only is answered. */
  look(book: Lorebook | undefined, roomId: string): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    if (!book || !this.text.trim()) {
      this.busy = false;
      this.reasons = [];
      this.tokens = 0;
      return;
    }
    this.busy = true;
    this.#timer = setTimeout(() => void this.#ask(book, roomId, asked), REST_MS);
  }

  async #ask(book: Lorebook, roomId: string, asked: number): Promise<void> {
    try {
      const { reasons, tokens } = await this.connection.call('lore.test', {
        text: this.text,
        book,
        room_id: this.withRoom ? roomId : '',
      });
      if (asked !== this.#asked) return;
      this.problem = null;
      this.reasons = reasons;
      this.tokens = tokens;
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }
}
