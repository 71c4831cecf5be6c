/** What all rooms together have used; what one room has is told with its turns. */
import type { UsageSum, UsageSums } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';

export const tokensOf = (sum: UsageSum): number =>
  sum.input + sum.cache_read + sum.cache_write + sum.output;

export class UsageState {
  everywhere: UsageSums | null = $state.raw(null);

  constructor(private readonly connection: Connection) {}

  /** Asked anew each time somebody looks; what was known stays where it cannot be asked. */
  async read(): Promise<void> {
    try {
      this.everywhere = await this.connection.call('usage.read', {});
    } catch {
      // A side note: the room's own numbers are there without it.
    }
  }
}
