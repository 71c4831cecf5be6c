/** Short notices at the edge of the screen. They carry codes; words are put to them elsewhere. */
import type { ActCode, Problem } from '../bridge/protocol.gen';

export type Notice =
  | { kind: 'character_removed'; name: string; undo: () => void }
  | { kind: 'room_trashed'; name: string; undo: () => void }
  | { kind: 'room_archived'; name: string; undo: () => void }
  /** `gone` runs when the notice is: from then on it cannot be taken back. */
  | { kind: 'room_deleted'; name: string; undo: () => void; gone: () => void }
  /** Something was done to the story; the newest of them only can be taken back. */
  | { kind: 'acted'; code: ActCode; name: string; undo: () => void }
  | { kind: 'summary_removed'; undo: () => void }
  | { kind: 'undone'; code: ActCode | null }
  | { kind: 'redone'; code: ActCode | null }
  | { kind: 'library_deleted'; name: string; undo: () => void }
  | { kind: 'library_applied'; name: string; undo: () => void }
  /** What somebody else wrote was taken instead of mine. */
  | { kind: 'library_theirs'; name: string; undo: () => void }
  | { kind: 'lore_removed'; name: string; undo: () => void }
  | { kind: 'library_kept'; name: string }
  | { kind: 'session_reset' }
  | { kind: 'card_taken'; name: string; book: string; lines: string[] }
  | { kind: 'card_saved'; file: string }
  | { kind: 'picture_removed'; name: string; undo: () => void }
  /** `fault` is the program's word for what is wrong with it. */
  | { kind: 'picture_refused'; fault: string }
  | { kind: 'copied' }
  | { kind: 'nothing_aloud' }
  | { kind: 'no_voice'; way: 'page' | 'command' | 'server' }
  | { kind: 'book_saved'; name: string }
  | { kind: 'book_printing' }
  | { kind: 'book_stopped' }
  | { kind: 'copy_too_long' }
  | { kind: 'copy_failed' }
  | { kind: 'bug'; logId: string }
  | { kind: 'problem'; problem: Problem };

export interface Shown {
  id: number;
  notice: Notice;
}

/** How long an undo stays on offer, and how long plain news stays. */
const UNDO_MS = 10_000;
const NEWS_MS = 6_000;

export class Notices {
  shown: Shown[] = $state.raw([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(notice: Notice): void {
    const id = this.#next++;
    for (const old of this.shown.slice(0, -3)) this.dismiss(old.id);
    this.shown = [...this.shown, { id, notice }];
    this.resume(id);
  }

  dismiss(id: number): void {
    this.pause(id);
    const gone = this.shown.find((each) => each.id === id)?.notice;
    this.shown = this.shown.filter((each) => each.id !== id);
    if (gone && 'gone' in gone) gone.gone();
  }

  /** Lets go of what no longer holds. */
  withdraw(over: (notice: Notice) => boolean): void {
    for (const { id, notice } of this.shown) if (over(notice)) this.dismiss(id);
  }

  /** Time stands still while the pointer or the focus rests on a notice. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    const shown = this.shown.find((each) => each.id === id);
    if (!shown || this.#timers.has(id)) return;
    const wait = 'undo' in shown.notice ? UNDO_MS : NEWS_MS;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), wait),
    );
  }

  undoLast(): boolean {
    const last = this.shown.findLast((each) => 'undo' in each.notice);
    if (!last || !('undo' in last.notice)) return false;
    last.notice.undo();
    this.dismiss(last.id);
    return true;
  }
}
