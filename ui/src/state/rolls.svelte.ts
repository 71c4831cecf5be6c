/** Which rolls of the open room the program has proved anew: only these carry the stamp. */
import type { Connection } from './connection.svelte';

export class RollsState {
  proved: ReadonlySet<string> = $state.raw(new Set());
  #roomId = '';

  constructor(private readonly connection: Connection) {}

  /** Has every roll of a room proved; the stamps follow. */
  async prove(room_id: string): Promise<void> {
    this.#roomId = room_id;
    try {
      const { message_ids } = await this.connection.call('dice.verify', { room_id });
      if (room_id === this.#roomId) this.proved = new Set(message_ids);
    } catch {
      if (room_id === this.#roomId) this.proved = new Set();
    }
  }
}
