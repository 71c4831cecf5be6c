import { afterEach, describe, expect, it, vi } from 'vitest';
import { PROVIDERS, statusOf } from '../../src/bridge/demo.connect';
import type { ProviderStatus } from '../../src/bridge/protocol.gen';
import { AppState } from '../../src/state/app.svelte';
import { groupOf, LOOK_EVERY_MS } from '../../src/state/connecting.svelte';
import { fail, opened, TestBridge } from '../bridge';

type Answers = ConstructorParameters<typeof TestBridge>[0];

async function start(answers: Answers = {}): Promise<{ app: AppState; bridge: TestBridge }> {
  const bridge = new TestBridge({
    'app.open': () =>
      opened({ providers: PROVIDERS, statuses: PROVIDERS.map(({ id }) => statusOf(id)) }),
    'provider.check': () => ({}),
    ...answers,
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return { app, bridge };
}

const standing = (id: string, more: Partial<ProviderStatus>): ProviderStatus => ({
  ...statusOf(id),
  ...more,
});

afterEach(() => vi.useRealTimers());

describe('looking again', () => {
  it('asks about all at once, then only about what is near and not ready', async () => {
    vi.useFakeTimers();
    const { app, bridge } = await start();
    const stop = app.connecting.watch();
    expect(bridge.sent('provider.check')).toEqual([{ provider_id: null }]);
    await vi.advanceTimersByTimeAsync(LOOK_EVERY_MS);
    // A service far away is asked with a key only when somebody wishes it.
    expect(bridge.sent('provider.check').slice(1)).toEqual([
      { provider_id: 'gemini' },
      { provider_id: 'ollama' },
    ]);
    bridge.push({ type: 'provider_checked', status: standing('gemini', { state: 'ready' }) });
    await vi.advanceTimersByTimeAsync(LOOK_EVERY_MS);
    expect(bridge.sent('provider.check').slice(3)).toEqual([{ provider_id: 'ollama' }]);
    stop();
    await vi.advanceTimersByTimeAsync(LOOK_EVERY_MS * 3);
    expect(bridge.sent('provider.check')).toHaveLength(4);
  });

  it('shows as being looked for what somebody asked about until it is told', async () => {
    const { app, bridge } = await start();
    await app.providers.checkAll();
    expect(app.providers.awaited.has('ollama')).toBe(true);
    bridge.push({ type: 'provider_checked', status: statusOf('ollama') });
    expect(app.providers.awaited.has('ollama')).toBe(false);
    expect(app.providers.awaited.has('claude')).toBe(true);
  });
});

describe('the list', () => {
  it('groups by what each can do and puts the ready ones first', async () => {
    const { app } = await start();
    expect(PROVIDERS.map(groupOf)).toEqual(['program', 'program', 'practice', 'service', 'server']);
    app.providers.told(standing('claude', { state: 'not_installed' }));
    app.providers.told(standing('gemini', { state: 'ready' }));
    expect(app.connecting.listed('program').map(({ id }) => id)).toEqual(['gemini', 'claude']);
  });

  it('follows a change of the settings', async () => {
    const { app, bridge } = await start();
    bridge.push({ type: 'providers_changed', providers: PROVIDERS.slice(0, 1), statuses: [] });
    expect(app.providers.list.map(({ id }) => id)).toEqual(['claude']);
  });
});

describe('keys', () => {
  it('asks before a key is kept in memory only, and keeps none itself', async () => {
    const { app, bridge } = await start({
      'key.set': ({ session_only }) => (session_only ? {} : fail('no_keyring')()),
    });
    expect((await app.connecting.setKey('anthropic_api', 'sk-1'))?.code).toBe('no_keyring');
    expect(await app.connecting.setKey('anthropic_api', 'sk-1', true)).toBeNull();
    expect(bridge.sent('key.set').at(-1)).toEqual({
      provider_id: 'anthropic_api',
      key: 'sk-1',
      session_only: true,
    });
    expect(JSON.stringify([app.connecting, app.providers, app.settings.value])).not.toContain(
      'sk-1',
    );
  });
});

describe('models and trials', () => {
  it('asks for the models once, and anew after a change', async () => {
    const models = [{ id: 'm', label: 'M', context_window: null }];
    const { app, bridge } = await start({
      'provider.models': () => ({ models }),
      'key.delete': () => ({}),
    });
    await app.connecting.loadModels('ollama');
    await app.connecting.loadModels('ollama');
    expect(bridge.sent('provider.models')).toHaveLength(1);
    expect(app.connecting.modelsOf(app.providers.find('ollama'))).toEqual(models);
    await app.connecting.deleteKey('ollama');
    expect(app.connecting.modelsOf(app.providers.find('ollama'))).toEqual([]);
  });

  it('keeps what went wrong with a trial', async () => {
    const { app } = await start({ 'provider.test': fail('network') });
    await app.connecting.test('ollama', '');
    expect(app.connecting.trials['ollama']).toMatchObject({
      phase: 'failed',
      problem: { code: 'network' },
    });
  });

  it('leaves the servers as they were when one is refused', async () => {
    const { app } = await start({ 'settings.change': fail('unsafe_setup') });
    const server = { id: 'x', name: '', base_url: 'http://a.b', needs_key: false, model: '' };
    expect((await app.connecting.saveServer(server))?.code).toBe('unsafe_setup');
    expect(app.settings.value.servers).toEqual([]);
  });
});
