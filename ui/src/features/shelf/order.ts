/** The ways in which the rooms of a shelf stand. */
import type { Room } from '../../bridge/protocol.gen';

export type Order = 'recent' | 'name' | 'long' | 'mine';

const DAY_MS = 86_400_000;
/** How long a thrown-away room can be brought back. */
export const TRASH_DAYS = 30;

export function ordered(rooms: readonly Room[], order: Order, language: string): Room[] {
  const by: Record<Order, (a: Room, b: Room) => number> = {
    recent: (a, b) => b.updated_at - a.updated_at,
    name: (a, b) => a.title.localeCompare(b.title, language),
    long: (a, b) => b.message_count - a.message_count,
    mine: (a, b) => a.sort_order - b.sort_order || b.updated_at - a.updated_at,
  };
  return [...rooms].sort(by[order]);
}

/** Whole days until the room is swept out, at least 1: it is still there. */
export const daysLeft = (room: Room, now = Date.now()): number =>
  Math.max(1, Math.ceil(((room.trashed_at ?? now) + TRASH_DAYS * DAY_MS - now) / DAY_MS));

/** The ids with one of them a place earlier or later; `null` where it stands at the end. */
export function moved(ids: readonly string[], id: string, by: 1 | -1): string[] | null {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return null;
  const next = [...ids];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
