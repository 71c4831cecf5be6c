/** A stretch of the story far from its end, read without everything that lies between. */
import { problemOf } from '../bridge/bridge';
import type { Message, Problem } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import { Utterance } from './utterance.svelte';

const PAGE = 60;
/** Rows around the line that is gone to. */
const AROUND = 160;

export class FarRows {
  rows: Utterance[] = $state.raw([]);
  hasMore = $state(false);
  loading = false;

  constructor(
    private readonly connection: Connection,
    private readonly roomId: string,
    /** Where the newest loaded rows begin: what is read up to there joins them. */
    private readonly joinsAt: () => number,
    /** Told what went wrong with reading on. */
    private readonly trouble: (problem: Problem) => void,
  ) {}

  /** Loads the rows around a position; false if the message does not stand there. May reject. */
  async open(id: string, position: number): Promise<boolean> {
    await this.#page(position + AROUND / 2, AROUND);
    return this.find(id) !== undefined;
  }

  find(id: string): Utterance | undefined {
    return this.rows.find((each) => each.id === id);
  }

  holds(position: number): boolean {
    const first = this.rows[0]?.message.position ?? Infinity;
    return first <= position && position <= (this.rows.at(-1)?.message.position ?? 0);
  }

  async loadOlder(limit = PAGE): Promise<void> {
    const first = this.rows[0]?.message.position ?? 0;
    if (this.hasMore) await this.#page(first, limit);
  }

  /** Reads on towards the end; true once it has come to the newest rows. */
  async loadNewer(): Promise<boolean> {
    const last = this.rows.at(-1)?.message.position ?? 0;
    const end = this.joinsAt();
    for (let before = last + 1 + PAGE; ; before += PAGE) {
      const known = this.rows.length;
      const ok = await this.#page(Math.min(before, end), PAGE);
      if (ok && before >= end) return true;
      // A whole page may have been deleted; then there is nothing to show of it.
      if (!ok || this.rows.length > known) return false;
    }
  }

  without(ids: ReadonlySet<string>): void {
    this.rows = this.rows.filter((each) => !ids.has(each.id));
  }

  async #page(before: number, limit: number): Promise<boolean> {
    if (this.loading) return false;
    this.loading = true;
    try {
      const { messages, has_more } = await this.connection.call('message.page', {
        room_id: this.roomId,
        before,
        limit,
      });
      this.#take(messages, has_more);
      return true;
    } catch (error) {
      if (this.rows.length === 0) throw error;
      this.trouble(problemOf(error));
      return false;
    } finally {
      this.loading = false;
    }
  }

  #take(messages: readonly Message[], hasMore: boolean): void {
    const known = new Set(this.rows.map((each) => each.id));
    const first = this.rows[0]?.message.position ?? Infinity;
    const last = this.rows.at(-1)?.message.position ?? -Infinity;
    const fresh = messages.filter((each) => !known.has(each.id)).map((each) => new Utterance(each));
    const older = fresh.filter((each) => each.message.position < first);
    const newer = fresh.filter((each) => each.message.position > last);
    if (this.rows.length === 0) this.rows = fresh;
    else this.rows = [...older, ...this.rows, ...newer];
    if (older.length > 0 || known.size === 0 || before(messages, first)) this.hasMore = hasMore;
  }
}

/** Whether a page reaches back to the first row that is there. */
const before = (messages: readonly Message[], first: number): boolean =>
  (messages[0]?.position ?? Infinity) <= first;
