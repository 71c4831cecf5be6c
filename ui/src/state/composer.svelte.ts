/** What I am writing, kept per room so that nothing typed is ever lost. */
import type { Room, Turn } from '../bridge/protocol.gen';
import { isRoll } from '../text/rolls';
import type { Connection } from './connection.svelte';
import type { StageState } from './stage.svelte';
import type { TableState } from './table.svelte';

const SAVE_AFTER_MS = 500;

/** What waits for the end of the running answer. */
export interface Queued {
  text: string;
  asNarrator: boolean;
  mine: { name: string; narrator: string };
}

export class ComposerState {
  text = $state('');
  queued: Queued | null = $state.raw(null);
  asNarrator = $state(false);
  /** Counts up when the caret should go into the field. */
  focusAsked = $state(0);

  #roomId = '';
  #stored = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly table: TableState,
    private readonly stage: StageState,
  ) {}

  get canSend(): boolean {
    return this.#roomId !== '' && !this.table.busy && this.text.trim() !== '';
  }

  /** Whether what is written may wait for the end of the running answer. */
  get canQueue(): boolean {
    return this.#roomId !== '' && this.table.busy && this.text.trim() !== '';
  }

  show(room: Room | null): void {
    clearTimeout(this.#timer);
    this.queued = null;
    this.#roomId = room?.id ?? '';
    this.#stored = room?.draft ?? '';
    this.text = this.#stored;
    this.asNarrator = false;
    this.focus();
  }

  focus(): void {
    this.focusAsked += 1;
  }

  /** I am about to write: the room's AI may warm up. Whether it can is nobody's worry here. */
  prepare(): void {
    if (!this.#roomId) return;
    this.connection.call('room.prepare', { room_id: this.#roomId }).catch(() => undefined);
  }

  write(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), SAVE_AFTER_MS);
  }

  /** Stores the draft now. A draft that could not be stored is stored with the next key. */
  keep(): void {
    clearTimeout(this.#timer);
    const text = this.#whole();
    if (!this.#roomId || text === this.#stored) return;
    const before = this.#stored;
    this.#stored = text;
    this.connection.call('room.draft', { room_id: this.#roomId, text }).catch(() => {
      if (this.#stored === text) this.#stored = before;
    });
  }

  /** Puts what is written behind what already waits. */
  queue(mine: { name: string; narrator: string }): void {
    if (!this.canQueue) return;
    const text = [this.queued?.text, this.text.trim()].filter(Boolean).join('\n');
    this.queued = { text, asNarrator: this.asNarrator, mine };
    this.write('');
    this.focus();
  }

  /** What waits goes back into the field. */
  unqueue(): void {
    const text = this.#whole();
    this.queued = null;
    this.write(text);
    this.focus();
  }

  /** What waits is said now; after anything but a whole answer it stays as text. */
  turnEnded(turn: Turn): void {
    const { queued } = this;
    if (!queued || turn.room_id !== this.#roomId) return;
    if (turn.following > 0 && turn.outcome === 'complete') return;
    if (turn.outcome !== 'complete') return this.unqueue();
    this.queued = null;
    void this.#say(queued.text, queued.asNarrator, queued.mine);
  }

  #whole(): string {
    return [this.queued?.text, this.text].filter(Boolean).join('\n');
  }

  /** Sends what is written. If it is not taken, it stands in the field again. */
  async send(mine: { name: string; narrator: string }): Promise<void> {
    if (!this.canSend) return;
    const text = this.text.trim();
    this.write('');
    this.focus();
    await this.#say(text, this.asNarrator, mine);
  }

  async #say(text: string, wished: boolean, mine: Queued['mine']): Promise<void> {
    const roomId = this.#roomId;
    const asNarrator = wished && this.stage.value.narrator.kind === 'me';
    const staged = this.stage.changes > 0 ? this.stage.save() : Promise.resolve();
    try {
      if (isRoll(text)) {
        await staged;
        await this.table.roll(text);
        if (roomId === this.#roomId) this.keep();
        return;
      }
      await this.table.send(text, asNarrator, {
        name: asNarrator ? mine.narrator : mine.name,
        after: staged,
      });
      if (roomId === this.#roomId) this.keep();
    } catch {
      if (roomId === this.#roomId) this.write([text, this.text].filter(Boolean).join('\n'));
    }
  }
}
