import { describe, expect, it, vi } from 'vitest';
import type { BookContents, BookPage, Message } from '../../src/bridge/protocol.gen';
import { AppState } from '../../src/state/app.svelte';
import { MOST, TAIL } from '../../src/state/book.svelte';
import { message, opened, room, TestBridge, view } from '../bridge';

/** A room of a hundred thousand messages; the program gives pages of it. */
const WHOLE = 100_000;
const at = (position: number): Message =>
  message(`m${position}`, position, { text: `${position}` });
const range = (from: number, to: number): Message[] =>
  [...Array(Math.max(0, to - from + 1)).keys()].map((step) => at(from + step));

const contents: BookContents = {
  room_id: 'r1',
  branch_id: 'b',
  chapters: [{ id: 'c', number: 1, name: '막배', position: 500, message_id: 'm500' }],
  messages: WHOLE,
  characters: 1,
  words: 1,
  count: WHOLE,
  tip: WHOLE,
};

function page(start: number | null, before: number | null, limit: number): BookPage {
  const from = start ?? Math.max(1, (before ?? WHOLE + 1) - limit);
  const to = start === null ? (before ?? WHOLE + 1) - 1 : Math.min(WHOLE, start + limit - 1);
  return {
    messages: range(from, to),
    first_number: from,
    has_older: from > 1,
    has_newer: to < WHOLE,
  };
}

async function openBook(): Promise<{ app: AppState; bridge: TestBridge }> {
  const bridge = new TestBridge({
    'app.open': () =>
      opened({
        rooms: [room('r1')],
        room: view({ room: room('r1'), messages: range(WHOLE - 59, WHOLE), has_more: true }),
      }),
    'book.contents': () => contents,
    'book.page': ({ start = null, before = null, limit = 60 }) => page(start, before, limit),
    'dice.verify': () => ({ count: 0, holds: true, message_ids: [] }),
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return { app, bridge };
}

describe('the book of a long room', () => {
  it('opens without a call of its own and reads its size once, behind it', async () => {
    vi.useFakeTimers();
    const { app, bridge } = await openBook();
    expect(app.book.rows).toHaveLength(TAIL);
    expect(bridge.calls.filter(([name]) => name.startsWith('book.'))).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bridge.calls.filter(([name]) => name.startsWith('book.'))).toHaveLength(1);
    expect(app.book.firstNumber).toBe(WHOLE - TAIL + 1);
    vi.useRealTimers();
  });

  it('never holds more rows than it may, however far one reads', async () => {
    const { app, bridge } = await openBook();
    for (let step = 0; step < 30; step += 1) {
      await app.book.older();
      expect(app.book.rows.length).toBeLessThanOrEqual(MOST);
      expect(app.book.firstNumber).toBe(app.book.rows[0]?.message.position);
    }
    expect(bridge.sent('book.page')).toHaveLength(30);
    expect(app.book.hasNewer).toBe(true);
    for (let step = 0; step < 40 && app.book.hasNewer; step += 1) {
      await app.book.newer();
      expect(app.book.rows.length).toBeLessThanOrEqual(MOST);
      expect(app.book.firstNumber).toBe(app.book.rows[0]?.message.position);
    }
    expect(app.book.rows.at(-1)?.id).toBe(`m${WHOLE}`);
  });

  it('goes to a far chapter with one call, and back without any', async () => {
    const { app, bridge } = await openBook();
    await app.book.goTo(500);
    expect(app.book.rows[0]?.id).toBe('m500');
    expect(app.book.firstNumber).toBe(500);
    expect(bridge.sent('book.page')).toHaveLength(1);
    app.book.toEnd();
    expect(app.book.rows.at(-1)?.id).toBe(`m${WHOLE}`);
    expect(bridge.sent('book.page')).toHaveLength(1);
  });

  it('shares the growing row with the talk, and settles the rows it holds alone', async () => {
    const { app, bridge } = await openBook();
    const fresh = message('new', WHOLE + 1, { status: 'streaming', text: '안' });
    bridge.push({ type: 'message_added', message: fresh });
    expect(app.book.rows.at(-1)).toBe(app.table.find('new'));
    await app.book.goTo(500);
    bridge.push({ type: 'message_changed', message: { ...at(501), text: '고친 말' } });
    expect(app.book.rows[1]?.text).toBe('고친 말');
    bridge.push({ type: 'message_removed', room_id: 'r1', message_id: 'm502' });
    expect(app.book.rows.map((each) => each.id)).not.toContain('m502');
  });
});
