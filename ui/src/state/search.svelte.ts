/** What is looked for in what was said, page by page, and the way to a line that was found. */
import { problemOf } from '../bridge/bridge';
import type { AuthorKind, SearchFound, SearchHit } from '../bridge/protocol.gen';
import { startOf } from '../text/days';
import type { Connection } from './connection.svelte';
import type { FrameState } from './frame.svelte';
import type { Notices } from './notices.svelte';
import type { RoomsState } from './rooms.svelte';
import type { StoryState } from './story.svelte';
import type { TableState } from './table.svelte';

/** How long somebody may go on typing before it is looked for. */
const REST_MS = 120;
/** Pages without a single hit that are asked for in a row. */
const PATIENCE = 25;

/** Narrows a search down; empty is everybody, or always. Days are written `2026-11-22`. */
export interface SearchFilters {
  /** `kind:dice`, or `name:` and a name as it was spoken. */
  who: string;
  since: string;
  until: string;
}
const NO_FILTERS: SearchFilters = { who: '', since: '', until: '' };

export type Goal = Pick<SearchHit, 'room_id' | 'message_id' | 'position'>;

export interface Whereabouts {
  connection: Connection;
  notices: Notices;
  rooms: RoomsState;
  table: TableState;
  story: StoryState;
  frame: FrameState;
}

export class SearchState {
  hits: SearchHit[] = $state.raw([]);
  busy = $state(false);
  /** What {@link hits} belong to. */
  text = $state('');
  filters: SearchFilters = $state.raw(NO_FILTERS);

  #titles = new Map<string, string>();
  #before: number | null = $state(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly at: Whereabouts,
    /** Only in the open room, on the path it shows. */
    private readonly here: boolean,
  ) {}

  /** Who or when is asked for: then nothing has to be typed. */
  get narrow(): boolean {
    return Object.values(this.filters).some((each) => each !== '');
  }

  clearFilters(): void {
    this.filters = NO_FILTERS;
  }

  get hasMore(): boolean {
    return this.#before !== null;
  }

  titleOf(hit: SearchHit): string {
    return this.#titles.get(hit.room_id) ?? '';
  }

  /** Looks for a text once nobody types any more; an empty one clears. */
  look(text: string, limit = 30): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const words = [...text.trim()].slice(0, 500).join('');
    if (!words && !this.narrow) {
      this.busy = false;
      return this.#show(words, []);
    }
    this.busy = true;
    this.#timer = setTimeout(() => void this.#fetch(words, limit, null, asked), REST_MS);
  }

  /** The next page of the same search. */
  async more(limit = 30): Promise<void> {
    if (this.busy || this.#before === null) return;
    this.busy = true;
    await this.#fetch(this.text, limit, this.#before, this.#asked);
  }

  /** Shows a line wherever it stands: another room, another branch, far up. */
  async go(hit: Goal): Promise<void> {
    const { connection, frame, notices, rooms, story, table } = this.at;
    frame.reveal('talk');
    try {
      if (rooms.currentId !== hit.room_id) await rooms.open(hit.room_id);
      const around = await connection.call('message.around', {
        message_id: hit.message_id,
        limit: 1,
      });
      if (table.roomId !== hit.room_id) return;
      if (!around.on_path) await story.goTo(around.branch_id);
      await table.reach(hit.message_id, hit.position);
      if (table.roomId === hit.room_id) frame.seekMessage(hit.message_id);
    } catch (error) {
      notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }

  async #fetch(text: string, limit: number, before: number | null, asked: number): Promise<void> {
    const known = before === null ? [] : this.hits;
    try {
      const found = await this.#page(text, limit, before, asked);
      if (asked !== this.#asked) return;
      this.#before = found.before;
      for (const room of found.rooms) this.#titles.set(room.id, room.title);
      this.#show(text, [...known, ...found.hits], found.before);
    } catch (error) {
      if (asked === this.#asked)
        this.at.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  /** The work of one call is bounded, so a page may be empty and not yet the end. */
  async #page(
    text: string,
    limit: number,
    before: number | null,
    asked: number,
  ): Promise<SearchFound> {
    for (let tries = 1; ; tries += 1) {
      const found = await this.at.connection.call('search.find', {
        text,
        room_id: this.here ? this.at.rooms.currentId : null,
        on_path: this.here,
        ...this.#narrowing(),
        before,
        limit,
      });
      const over = found.hits.length > 0 || found.before === null || tries >= PATIENCE;
      if (over || asked !== this.#asked) return found;
      before = found.before;
    }
  }

  #narrowing(): {
    author: string | null;
    kinds: AuthorKind[];
    since: number | null;
    until: number | null;
  } {
    const { who, since, until } = this.filters;
    return {
      author: who.startsWith('name:') ? who.slice(5) : null,
      kinds: who.startsWith('kind:') ? [who.slice(5) as AuthorKind] : [],
      since: startOf(since),
      until: startOf(until, 1),
    };
  }

  #show(text: string, hits: SearchHit[], before: number | null = null): void {
    this.text = text;
    this.hits = hits;
    this.#before = before;
  }
}
