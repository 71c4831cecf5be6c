import { expect, it } from 'vitest';
import type { Settings } from '../../src/bridge/protocol.gen';
import { AppState } from '../../src/state/app.svelte';
import { fail, opened, TestBridge } from '../bridge';

it('sends one change at a time and ends with the newest wish', async () => {
  const answers: ((stored: Settings) => void)[] = [];
  const bridge = new TestBridge({
    'app.open': () => opened(),
    'settings.change': () => new Promise<Settings>((done) => answers.push(done)),
  });
  const app = new AppState(bridge);
  await app.open('ko');
  const sent = (): number[] =>
    bridge
      .sent('settings.change')
      .map((each) => (each as { settings: Settings }).settings.idle_timeout_s);
  const first = app.settings.change({ idle_timeout_s: 31 });
  const old = app.settings.value;
  for (const idle_timeout_s of [32, 33, 34]) void app.settings.change({ idle_timeout_s });
  expect(sent()).toEqual([31]);
  answers[0]?.(old);
  bridge.push({ type: 'settings_changed', settings: old });
  await new Promise((done) => setTimeout(done));
  expect(app.settings.value.idle_timeout_s).toBe(34);
  expect(sent()).toEqual([31, 34]);
  answers[1]?.(app.settings.value);
  await first;
  expect(app.settings.value.idle_timeout_s).toBe(34);
});

it('goes back to what is stored when a change is refused', async () => {
  const bridge = new TestBridge({
    'app.open': () => opened(),
    'settings.change': fail('storage_failed'),
  });
  const app = new AppState(bridge);
  await app.open('ko');
  await app.settings.change({ theme: 'dark' });
  expect(app.settings.value.theme).toBe('system');
  expect(app.notices.shown).toHaveLength(1);
});
