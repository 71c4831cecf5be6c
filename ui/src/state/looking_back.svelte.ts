/** Ways back into a long story: its days, and the answers in which a piece of lore was used. */
import { problemOf } from '../bridge/bridge';
import type { LoreUse, Room, StoryDay } from '../bridge/protocol.gen';
import { monthOf } from '../text/days';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class LookingBackState {
  /** The calendar lies open. */
  open = $state(false);
  /** The days of the open room with a word on them; null until they are known. */
  days: StoryDay[] | null = $state.raw(null);
  /** The month that is looked at: `2026-11`. */
  month = $state('');
  uses: LoreUse[] = $state.raw([]);
  #asked = 0;

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  /** Asks for the days anew each time: what was said meanwhile counts too. */
  async show(room: Room): Promise<void> {
    this.open = true;
    this.days = null;
    this.month = monthOf(Date.now());
    try {
      const { days } = await this.connection.call('room.days', { room_id: room.id });
      if (!this.open) return;
      this.days = days;
      this.month = days.at(-1)?.day.slice(0, 7) ?? this.month;
    } catch (error) {
      this.open = false;
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }

  /** The day on which something was said that is that one or the next after it. */
  from(day: string): StoryDay | undefined {
    return this.days?.find((each) => each.day >= day) ?? this.days?.at(-1);
  }

  /** Where a piece was told on the path of a room; nothing without one. A side note: no trouble. */
  async look(room: Room | undefined, book: string, entryId: string): Promise<void> {
    const asked = ++this.#asked;
    this.uses = [];
    if (!room || !book || !entryId) return;
    try {
      const found = await this.connection.call('lore.used', {
        room_id: room.id,
        book,
        entry_id: entryId,
      });
      if (asked === this.#asked) this.uses = found.uses;
    } catch {
      // The list stays empty: the piece itself can be worked on all the same.
    }
  }
}
