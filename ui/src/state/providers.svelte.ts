/** The ways to an AI and how each stands on this machine. */
import { problemOf } from '../bridge/bridge';
import type { Provider, ProviderStatus } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class ProvidersState {
  list: Provider[] = $state.raw([]);
  statuses: Record<string, ProviderStatus> = $state.raw({});
  /** Those somebody asked about and nobody has told about since. */
  awaited: ReadonlySet<string> = $state.raw(new Set());

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  start(list: Provider[], statuses: ProviderStatus[]): void {
    this.list = list;
    this.statuses = Object.fromEntries(statuses.map((status) => [status.id, status]));
    this.awaited = new Set();
  }

  find(id: string): Provider | undefined {
    return this.list.find((provider) => provider.id === id);
  }

  told(status: ProviderStatus): void {
    this.statuses = { ...this.statuses, [status.id]: status };
    if (this.awaited.has(status.id))
      this.awaited = new Set([...this.awaited].filter((id) => id !== status.id));
  }

  async check(id: string): Promise<void> {
    this.awaited = new Set([...this.awaited, id]);
    await this.#ask(id);
  }

  async checkAll(): Promise<void> {
    this.awaited = new Set(this.list.map(({ id }) => id));
    await this.#ask(null);
  }

  /** Looks without a word, whatever comes of it. */
  async look(id: string): Promise<void> {
    await this.connection.call('provider.check', { provider_id: id }).catch(() => undefined);
  }

  async #ask(provider_id: string | null): Promise<void> {
    try {
      await this.connection.call('provider.check', { provider_id });
    } catch (error) {
      this.awaited = new Set();
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}
