import { expect, it } from 'vitest';
import type { Message, MessagePage } from '../../src/bridge/protocol.gen';
import { AppState } from '../../src/state/app.svelte';
import { message, opened, TestBridge, view } from '../bridge';

const ALL = 20_000;
const LOADED = 60;

/** A story of so many lines, some of them deleted; pages as the program gives them. */
function story(deleted: (position: number) => boolean = () => false) {
  const rows = (from: number, to: number): Message[] => {
    const found: Message[] = [];
    for (let at = from; at <= to; at += 1) if (!deleted(at)) found.push(message(`m${at}`, at));
    return found;
  };
  const page = (before: number, limit: number): MessagePage => {
    const above = rows(1, before - 1);
    return { messages: above.slice(-limit), has_more: above.length > limit };
  };
  return { rows, page };
}

async function start(
  told = story(),
): Promise<{ app: AppState; bridge: TestBridge; calls: () => number }> {
  const bridge = new TestBridge({
    'app.open': () =>
      opened({
        room: view({ messages: told.rows(ALL - LOADED + 1, ALL), has_more: true }),
      }),
    'room.draft': () => ({}),
    'message.page': ({ before, limit = 60 }) => told.page(before ?? ALL + 1, limit),
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return { app, bridge, calls: () => bridge.sent('message.page').length };
}

const positions = (app: AppState): number[] => app.table.shown.map((each) => each.message.position);
const gapless = (found: number[]): boolean =>
  found.every((each, at) => at === 0 || each === (found[at - 1] ?? 0) + 1);

it('reaches a line far up with one call, whatever lies between', async () => {
  const { app, calls } = await start();
  expect(await app.table.reach('m7', 7)).toBe(true);
  expect(calls()).toBe(1);
  expect(positions(app)).toContain(7);
  expect(app.table.shown.length).toBeLessThan(200);
  expect(app.table.olderThanShown).toBe(false);
  expect(app.table.utterances.at(-1)?.id).toBe(`m${ALL}`);
  expect(app.table.find('m7')?.id).toBe('m7');
});

it('goes through all rows where the line is near', async () => {
  const { app } = await start();
  expect(await app.table.reach(`m${ALL - 300}`, ALL - 300)).toBe(true);
  expect(app.table.far).toBeNull();
  expect(gapless(positions(app))).toBe(true);
  expect(positions(app).at(-1)).toBe(ALL);
});

it('reads on in both directions without a gap, until it joins the newest rows', async () => {
  const { app } = await start();
  const at = ALL - 1_000;
  await app.table.reach(`m${at}`, at);
  await app.table.loadOlder();
  for (let rounds = 0; app.table.far && rounds < 40; rounds += 1) await app.table.loadNewer();
  expect(app.table.far).toBeNull();
  expect(gapless(positions(app))).toBe(true);
  expect(positions(app)[0]).toBeLessThan(at - 80);
  expect(positions(app).at(-1)).toBe(ALL);
  expect(app.table.hasMore).toBe(true);
  app.table.changed(message(`m${at}`, at, { text: 'anew' }));
  expect(app.table.find(`m${at}`)?.text).toBe('anew');
});

it('reads on over pages of which nothing is left', async () => {
  const { app } = await start(story((at) => at > ALL - 900 && at < ALL - 200));
  const at = ALL - 1_000;
  await app.table.reach(`m${at}`, at);
  for (let rounds = 0; app.table.far && rounds < 40; rounds += 1) await app.table.loadNewer();
  expect(app.table.far).toBeNull();
  expect(new Set(positions(app)).size).toBe(positions(app).length);
  expect(positions(app)).toContain(ALL - 900);
  expect(positions(app)).toContain(ALL - 200);
  expect(positions(app).at(-1)).toBe(ALL);
});

it('keeps what is said meanwhile at the end, and shows it when the reader returns', async () => {
  const { app, bridge } = await start();
  await app.table.reach('m7', 7);
  bridge.push({ type: 'message_added', message: message('new', ALL + 1) });
  expect(positions(app)).not.toContain(ALL + 1);
  expect(app.table.last?.id).toBe('new');
  app.table.forgetOld();
  expect(positions(app).at(-1)).toBe(ALL + 1);
});

it('lets go of a line that was deleted, and takes it back', async () => {
  const { app } = await start();
  await app.table.reach('m7', 7);
  const back = app.table.take(new Set(['m7']));
  expect(positions(app)).not.toContain(7);
  back();
  expect(positions(app)).toContain(7);
});
