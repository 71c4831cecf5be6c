import { beforeEach, expect, it, vi } from 'vitest';
import type { Stage } from '../../src/bridge/protocol.gen';
import { AppState } from '../../src/state/app.svelte';
import { fail, opened, room, TestBridge } from '../bridge';

async function start(answers: TestBridge['answers'] = {}): Promise<[AppState, TestBridge]> {
  const bridge = new TestBridge({
    'app.open': () => opened(),
    'room.stage': ({ stage }) => room('r1', { stage }),
    ...answers,
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return [app, bridge];
}

const saved = (bridge: TestBridge): Stage[] =>
  bridge.sent('room.stage').map((params) => (params as { stage: Stage }).stage);

beforeEach(() => {
  vi.useFakeTimers();
});

it('saves itself 800 ms after the last change, once', async () => {
  const [app, bridge] = await start();
  app.stage.edit({ world: 'a' });
  await vi.advanceTimersByTimeAsync(799);
  app.stage.edit({ world: 'ab' });
  expect(app.stage.changes).toBe(1);
  await vi.advanceTimersByTimeAsync(800);
  expect(saved(bridge).map(({ world }) => world)).toEqual(['ab']);
  expect(app.stage.changes).toBe(0);
});

it('keeps what is typed while a save is on its way', async () => {
  let answer: (stored: unknown) => void = () => undefined;
  const [app, bridge] = await start({ 'room.stage': () => new Promise((done) => (answer = done)) });
  app.stage.edit({ world: 'one' });
  void app.stage.save();
  await Promise.resolve();
  const first = saved(bridge)[0];
  app.stage.edit({ world: 'one two' });
  answer(room('r1', { ...(first && { stage: first }) }));
  await vi.advanceTimersByTimeAsync(0);
  expect(app.stage.value.world).toBe('one two');
  expect(app.stage.changes).toBe(1);
});

it('says that it is not saved, and keeps the text', async () => {
  const [app] = await start({ 'room.stage': fail('storage_failed') });
  app.stage.edit({ world: 'dear' });
  await app.stage.save();
  expect(app.stage.problem?.code).toBe('storage_failed');
  expect(app.stage.value.world).toBe('dear');
  expect(app.stage.changes).toBe(1);
});

it('takes a removed person back to the same seat', async () => {
  const [app] = await start();
  for (const name of ['a', 'b', 'c']) app.stage.putCharacter(app.stage.newCharacter(name));
  const names = (): string[] => app.stage.value.characters.map((each) => each.name);
  const second = app.stage.value.characters[1];
  if (second) app.stage.removeCharacter(second);
  expect(names()).toEqual(['a', 'c']);
  expect(app.notices.undoLast()).toBe(true);
  expect(names()).toEqual(['a', 'b', 'c']);
});

it('gives every new person another dye until there are none left', async () => {
  const [app] = await start();
  for (let at = 0; at < 13; at += 1) app.stage.putCharacter(app.stage.newCharacter(`p${at}`));
  const dyes = app.stage.value.characters.map((each) => each.dye);
  expect(new Set(dyes.slice(0, 12)).size).toBe(12);
  expect(dyes[12]).toBe(dyes[0]);
});

it('lets a change from elsewhere in only while nothing is typed here', async () => {
  const [app, bridge] = await start();
  const elsewhere = { ...app.stage.value, world: 'theirs' };
  bridge.push({ type: 'room_changed', room: room('r1', { stage: elsewhere }) });
  expect(app.stage.value.world).toBe('theirs');
  app.stage.edit({ situation: 'mine' });
  bridge.push({
    type: 'room_changed',
    room: room('r1', { stage: { ...elsewhere, world: 'again' } }),
  });
  expect(app.stage.value.situation).toBe('mine');
});
