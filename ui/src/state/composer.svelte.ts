/** What I am writing, kept per room so that nothing typed is ever lost. */
import type { Room } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { StageState } from './stage.svelte';
import type { TableState } from './table.svelte';

const SAVE_AFTER_MS = 500;

export class ComposerState {
  text = $state('');
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

  show(room: Room | null): void {
    clearTimeout(this.#timer);
    this.#roomId = room?.id ?? '';
    this.#stored = room?.draft ?? '';
    this.text = this.#stored;
    this.asNarrator = false;
    this.focus();
  }

  focus(): void {
    this.focusAsked += 1;
  }

  write(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), SAVE_AFTER_MS);
  }

  /** Stores the draft now. A draft that could not be stored is stored with the next key. */
  keep(): void {
    clearTimeout(this.#timer);
    const text = this.text;
    if (!this.#roomId || text === this.#stored) return;
    const before = this.#stored;
    this.#stored = text;
    this.connection.call('room.draft', { room_id: this.#roomId, text }).catch(() => {
      if (this.#stored === text) this.#stored = before;
    });
  }

  /** Sends what is written. If it is not taken, it stands in the field again. */
  async send(mine: { name: string; narrator: string }): Promise<void> {
    if (!this.canSend) return;
    const roomId = this.#roomId;
    const text = this.text.trim();
    const asNarrator = this.asNarrator && this.stage.value.narrator.kind === 'me';
    this.write('');
    this.focus();
    const staged = this.stage.changes > 0 ? this.stage.save() : Promise.resolve();
    try {
      await this.table.send(text, asNarrator, {
        name: asNarrator ? mine.narrator : mine.name,
        after: staged,
      });
      if (roomId === this.#roomId) this.keep();
    } catch {
      if (roomId === this.#roomId && this.text === '') this.write(text);
    }
  }
}
