/** What is looked for in the library, and what was found. */
import { problemOf } from '../bridge/bridge';
import type { LibraryHit } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

const REST_MS = 120;

export class LibrarySearchState {
  hits: LibraryHit[] = $state.raw([]);
  more = $state(false);
  busy = $state(false);
  text = $state('');

  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  /** Looks for a text once nobody types any more; an empty one clears. */
  look(text: string, limit = 30): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const words = [...text.trim()].slice(0, 500).join('');
    this.busy = words !== '';
    if (!words) return this.#show('', [], false);
    this.#timer = setTimeout(() => void this.#fetch(words, limit, asked), REST_MS);
  }

  async #fetch(text: string, limit: number, asked: number): Promise<void> {
    try {
      const { hits, more } = await this.connection.call('library.find', { text, limit });
      if (asked === this.#asked) this.#show(text, hits, more);
    } catch (error) {
      if (asked === this.#asked) this.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  #show(text: string, hits: LibraryHit[], more: boolean): void {
    this.text = text;
    this.hits = hits;
    this.more = more;
  }
}
