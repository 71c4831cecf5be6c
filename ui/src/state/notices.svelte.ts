/** Short notices at the edge of the screen. They carry codes; words are put to them elsewhere. */
import type { Problem } from '../bridge/protocol.gen';

export type Notice =
  | { kind: 'character_removed'; name: string; undo: () => void }
  | { kind: 'room_trashed'; name: string; undo: () => void }
  | { kind: 'copied' }
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
    this.shown = [...this.shown.slice(-3), { id, notice }];
    this.resume(id);
  }

  dismiss(id: number): void {
    this.pause(id);
    this.shown = this.shown.filter((each) => each.id !== id);
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
