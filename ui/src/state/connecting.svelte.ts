/** Bringing an AI to the table: keys, paths, servers, models, trials, and looking again. */
import { problemOf } from '../bridge/bridge';
import type { Diagnosis, Model, Problem, Provider, Server, Trial } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { ProvidersState } from './providers.svelte';
import type { SettingsState } from './settings.svelte';

/** How often what is not ready is looked for while somebody watches. */
export const LOOK_EVERY_MS = 3_000;

export type TrialState =
  { phase: 'running' } | { phase: 'done'; trial: Trial } | { phase: 'failed'; problem: Problem };

export type Group = 'program' | 'service' | 'server' | 'practice';

const RANK: Record<string, number> = { ready: 0, installed: 1, signed_out: 2, unsafe: 3 };

/** Where a way to an AI is listed: by what it can do, never by its name. */
export function groupOf({ capabilities }: Provider): Group {
  if (capabilities.is_practice) return 'practice';
  if (capabilities.takes_path) return 'program';
  return capabilities.cost === 'tokens' ? 'service' : 'server';
}

export class ConnectingState {
  open = $state(false);
  view: 'ways' | 'facts' = $state('ways');
  trials: Record<string, TrialState> = $state.raw({});
  models: Record<string, Model[]> = $state.raw({});
  modelProblems: Record<string, Problem> = $state.raw({});
  diagnosis: Diagnosis | null = $state.raw(null);

  #asking = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly providers: ProvidersState,
    private readonly settings: SettingsState,
  ) {}

  show(view: 'ways' | 'facts' = 'ways'): void {
    this.view = view;
    this.open = true;
  }

  /** One group as it is offered: what stands ready comes first. */
  listed(group: Group): Provider[] {
    const rank = (id: string): number => RANK[this.providers.statuses[id]?.state ?? ''] ?? 4;
    return this.providers.list
      .filter((each) => groupOf(each) === group)
      .sort((a, b) => rank(a.id) - rank(b.id));
  }

  /** Looks now, and again for what is not ready yet; ends with the returned function. */
  watch(): () => void {
    void this.providers.checkAll();
    const timer = setInterval(() => this.#lookAgain(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }

  #lookAgain(): void {
    for (const { id, capabilities } of this.providers.list)
      if (capabilities.rechecks && this.providers.statuses[id]?.state !== 'ready')
        void this.providers.look(id);
  }

  modelsOf(provider: Provider | undefined): Model[] {
    return (provider && this.models[provider.id]) ?? provider?.models ?? [];
  }

  /** Asks for the list once; `fresh` asks anew. */
  async loadModels(id: string, fresh = false): Promise<void> {
    if (this.#asking.has(id) || (!fresh && this.models[id])) return;
    this.#asking.add(id);
    try {
      const { models } = await this.connection.call('provider.models', { provider_id: id, fresh });
      this.models = { ...this.models, [id]: models };
      this.modelProblems = without(this.modelProblems, id);
    } catch (error) {
      this.modelProblems = { ...this.modelProblems, [id]: problemOf(error) };
    } finally {
      this.#asking.delete(id);
    }
  }

  async test(id: string, model: string): Promise<void> {
    if (this.trials[id]?.phase === 'running') return;
    this.#tell(id, { phase: 'running' });
    try {
      const trial = await this.connection.call('provider.test', { provider_id: id, model });
      this.#tell(id, { phase: 'done', trial });
    } catch (error) {
      this.#tell(id, { phase: 'failed', problem: problemOf(error) });
    }
  }

  /** What keeps the key from being kept, or nothing. The key itself is not remembered here. */
  setKey(id: string, key: string, sessionOnly = false): Promise<Problem | null> {
    return this.#after(id, () =>
      this.connection.call('key.set', { provider_id: id, key, session_only: sessionOnly }),
    );
  }

  deleteKey(id: string): Promise<Problem | null> {
    return this.#after(id, () => this.connection.call('key.delete', { provider_id: id }));
  }

  choosePath(id: string): Promise<Problem | null> {
    return this.#after(id, async () =>
      this.providers.told(await this.connection.call('provider.choose_path', { provider_id: id })),
    );
  }

  forgetPath(id: string): Promise<Problem | null> {
    return this.#after(id, async () =>
      this.providers.told(await this.connection.call('provider.forget_path', { provider_id: id })),
    );
  }

  server(id: string): Server | undefined {
    return this.settings.value.servers.find((each) => each.id === id);
  }

  /** Adds a server or changes what is kept about one. */
  saveServer(server: Server): Promise<Problem | null> {
    const { servers } = this.settings.value;
    const known = servers.some((each) => each.id === server.id);
    return this.#keepServers(
      known ? servers.map((each) => (each.id === server.id ? server : each)) : [...servers, server],
      server.id,
    );
  }

  /** Takes a server of one's own away, or gives one of the catalogue its own address back. */
  removeServer(id: string): Promise<Problem | null> {
    return this.#keepServers(
      this.settings.value.servers.filter((each) => each.id !== id),
      id,
    );
  }

  async diagnose(): Promise<void> {
    this.diagnosis = null;
    this.diagnosis = await this.connection.call('app.diagnose', {});
  }

  async #keepServers(servers: Server[], id: string): Promise<Problem | null> {
    return this.#after(id, async () => {
      const settings = { ...this.settings.value, servers };
      this.settings.told(await this.connection.call('settings.change', { settings }));
    });
  }

  /** Whatever was changed, what was known of it before may be wrong now. */
  async #after(id: string, deed: () => Promise<unknown>): Promise<Problem | null> {
    try {
      await deed();
    } catch (error) {
      return problemOf(error);
    }
    this.models = without(this.models, id);
    this.modelProblems = without(this.modelProblems, id);
    this.trials = without(this.trials, id);
    return null;
  }

  #tell(id: string, state: TrialState): void {
    this.trials = { ...this.trials, [id]: state };
  }
}

const without = <T>(all: Record<string, T>, id: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));
