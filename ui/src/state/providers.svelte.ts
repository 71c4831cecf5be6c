/** The ways to an AI and how each stands on this machine. */
import { problemOf } from '../bridge/bridge';
import type { Provider, ProviderStatus } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class ProvidersState {
  list: Provider[] = $state.raw([]);
  statuses: Record<string, ProviderStatus> = $state.raw({});

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  start(list: Provider[], statuses: ProviderStatus[]): void {
    this.list = list;
    this.statuses = Object.fromEntries(statuses.map((status) => [status.id, status]));
  }

  find(id: string): Provider | undefined {
    return this.list.find((provider) => provider.id === id);
  }

  told(status: ProviderStatus): void {
    this.statuses = { ...this.statuses, [status.id]: status };
  }

  async check(id: string): Promise<void> {
    try {
      await this.connection.call('provider.check', { provider_id: id });
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}
