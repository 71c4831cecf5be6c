/** A damaged database: what there is to go on with, and the one way that is taken. */
import { problemOf } from '../bridge/bridge';
import type { Problem, Rescue, Rescued } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { ProfilesState } from './profiles.svelte';

export class RescueState {
  value: Rescue | null = $state.raw(null);
  done: Rescued | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);

  constructor(
    private readonly connection: Connection,
    private readonly profiles: ProfilesState,
  ) {}

  /** Takes as long as restoring a backup does. */
  async look(): Promise<void> {
    try {
      this.value = await this.connection.call('rescue.look', {});
    } catch (error) {
      this.problem = problemOf(error);
      this.value = { offered: null, others: [], lost: false };
    }
  }

  restore(backup_id: string): Promise<void> {
    return this.#take(() => this.connection.call('rescue.restore', { backup_id }));
  }

  salvage(): Promise<void> {
    return this.#take(() => this.connection.call('rescue.salvage', {}));
  }

  fresh(): Promise<void> {
    return this.#take(() => this.connection.call('rescue.fresh', {}));
  }

  goOn(): void {
    this.profiles.goOn();
  }

  async #take(way: () => Promise<Rescued>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      this.done = await way();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = false;
    }
  }
}
