/** The ways to an AI of the demo: one of each kind, and what can be done to bring them near. */
import { CallFailed, pageProblem } from './bridge';
import type {
  AnyEvent,
  Capabilities,
  MethodName,
  Methods,
  Provider,
  ProviderStatus,
} from './protocol.gen';

type Connecting = Extract<
  MethodName,
  `provider.${string}` | `key.${string}` | 'app.diagnose' | 'app.notices'
>;

const can = (more: Partial<Capabilities>): Capabilities => ({
  streams_tokens: true,
  reports_usage: true,
  reports_cost: false,
  keeps_session: false,
  is_practice: false,
  any_model: true,
  takes_path: false,
  takes_key: 'no',
  takes_address: false,
  lists_models: false,
  cost: 'unknown',
  rechecks: false,
  ...more,
});

const PROGRAM = can({ keeps_session: true, takes_path: true, cost: 'plan', rechecks: true });
const SERVER = can({
  takes_key: 'may',
  takes_address: true,
  lists_models: true,
  cost: 'own_machine',
  rechecks: true,
});

const provider = (id: string, label: string, more: Partial<Provider>): Provider => ({
  id,
  label,
  capabilities: PROGRAM,
  models: [],
  install_command: '',
  sign_in_command: '',
  vendor_page: '',
  base_url: '',
  is_own: false,
  ...more,
});

export const PROVIDERS: Provider[] = [
  provider('claude', 'Claude Code', {
    models: ['sonnet', 'opus', 'haiku'].map((id) => ({ id, label: id, context_window: 200_000 })),
    install_command: 'npm install -g @anthropic-ai/claude-code',
    sign_in_command: 'claude auth login',
  }),
  provider('gemini', 'Gemini CLI', { install_command: 'npm install -g @google/gemini-cli' }),
  provider('storyteller', '연습용 이야기꾼', {
    capabilities: can({ reports_usage: false, is_practice: true, any_model: false }),
  }),
  provider('anthropic_api', 'Anthropic API', {
    capabilities: can({
      takes_key: 'must',
      takes_address: true,
      lists_models: true,
      cost: 'tokens',
    }),
    vendor_page: 'https://console.anthropic.com/settings/keys',
    base_url: 'https://api.anthropic.com',
  }),
  provider('ollama', 'Ollama', { capabilities: SERVER, base_url: 'http://127.0.0.1:11434/v1' }),
];

const STATES: Record<string, ProviderStatus['state']> = {
  gemini: 'not_installed',
  anthropic_api: 'signed_out',
  ollama: 'not_installed',
};

export const statusOf = (id: string): ProviderStatus => ({
  id,
  state: STATES[id] ?? 'ready',
  path: '',
  version: id === 'claude' ? '2.1.0' : '',
  account: '',
  key: 'none',
  problem: null,
  checked_at: Date.now(),
});

export function connectHandlers(emit: (event: AnyEvent) => void): {
  [M in Connecting]: (params: Methods[M]['params']) => Methods[M]['result'];
} {
  const keys = new Map<string, ProviderStatus['key']>();
  const status = (id: string): ProviderStatus => {
    const key = keys.get(id) ?? 'none';
    const state = key !== 'none' ? 'ready' : statusOf(id).state;
    return { ...statusOf(id), key, state };
  };
  const tell = (id: string): ProviderStatus => {
    const now = status(id);
    queueMicrotask(() => emit({ type: 'provider_checked', status: now }));
    return now;
  };
  return {
    'provider.check': ({ provider_id }) => {
      for (const { id } of PROVIDERS) if (!provider_id || provider_id === id) tell(id);
      return {};
    },
    'provider.models': ({ provider_id }) => ({
      models: PROVIDERS.find(({ id }) => id === provider_id)?.models ?? [],
    }),
    'provider.test': () => ({
      first_text_ms: 420,
      total_ms: 900,
      model: '',
      text: '안녕하세요!',
    }),
    'provider.choose_path': ({ provider_id }) => tell(provider_id),
    'provider.forget_path': ({ provider_id }) => tell(provider_id),
    // A page in a browser has no keyring: the demo asks like a computer without one.
    'key.set': ({ provider_id, session_only }) => {
      if (!session_only) throw new CallFailed(pageProblem('no_keyring', { provider: provider_id }));
      keys.set(provider_id, 'session');
      tell(provider_id);
      return {};
    },
    'key.delete': ({ provider_id }) => {
      keys.delete(provider_id);
      tell(provider_id);
      return {};
    },
    'app.diagnose': () => ({ groups: [], text: '' }),
    'app.notices': () => ({ text: '' }),
  };
}
