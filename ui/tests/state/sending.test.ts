import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppState } from '../../src/state/app.svelte';
import { fail, message, opened, room, TestBridge, turn, view } from '../bridge';

const mine = { kind: 'user', name: 'Me', id: '', dye: '' } as const;
const me = { name: 'Me', narrator: 'GM' };
const texts = (app: AppState): string[] => app.table.utterances.map((each) => each.text);

async function start(answers: TestBridge['answers'] = {}): Promise<[AppState, TestBridge]> {
  const bridge = new TestBridge({
    'app.open': () => opened(),
    'room.draft': () => ({}),
    'room.stage': ({ stage }) => room('r1', { stage }),
    'turn.stop': () => ({}),
    ...answers,
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return [app, bridge];
}

beforeEach(() => {
  vi.useFakeTimers();
});

describe('sending', () => {
  it('shows my line at once and once only, whichever comes first', async () => {
    const stored = message('m1', 1, { author: mine, text: '안녕' });
    for (const eventFirst of [true, false]) {
      let answer: (sent: unknown) => void = () => undefined;
      const [app, bridge] = await start({
        'turn.send': () => new Promise((resolve) => (answer = resolve)),
      });
      app.composer.write('안녕 ');
      const sending = app.composer.send(me);
      expect(texts(app)).toEqual(['안녕']);
      expect(app.composer.text).toBe('');
      await vi.advanceTimersByTimeAsync(0);
      const event = { type: 'message_added', message: stored } as const;
      if (eventFirst) bridge.push(event);
      answer({ message: stored, turn: turn() });
      await sending;
      if (!eventFirst) bridge.push(event);
      expect(app.table.utterances.map((each) => each.id)).toEqual(['m1']);
      expect(app.table.running?.id).toBe('t1');
    }
  });

  it('gives the typed text back when it is not taken', async () => {
    const [app] = await start({ 'turn.send': fail('storage_full') });
    app.composer.write('소중한 말');
    await app.composer.send(me);
    expect(app.composer.text).toBe('소중한 말');
    expect(texts(app)).toEqual([]);
    expect(app.table.trouble?.code).toBe('storage_full');
    expect(app.composer.canSend).toBe(true);
  });

  it('keeps what I typed meanwhile behind what was not taken', async () => {
    const [app] = await start({ 'turn.send': fail('busy') });
    app.composer.write('첫 말');
    const sending = app.composer.send(me);
    app.composer.write('다음 말');
    await sending;
    expect(app.composer.text).toBe('첫 말\n다음 말');
  });

  it('stores the stage before the line that is answered with it', async () => {
    const [app, bridge] = await start({ 'turn.send': () => ({ message: null, turn: turn() }) });
    app.stage.edit({ world: '새 세계' });
    app.composer.write('가자');
    await app.composer.send(me);
    const order = bridge.calls.map(([method]) => method);
    expect(order.indexOf('room.stage')).toBeLessThan(order.indexOf('turn.send'));
    expect(order).toContain('room.stage');
  });

  it('does not begin a turn again that has already ended', async () => {
    let answer: (sent: unknown) => void = () => undefined;
    const [app, bridge] = await start({
      'turn.again': () => new Promise((resolve) => (answer = resolve)),
    });
    const asking = app.table.again();
    bridge.push(
      { type: 'turn_started', turn: turn() },
      { type: 'turn_ended', turn: turn('t1', { outcome: 'complete' }), room: room(), usage: null },
    );
    answer({ message: null, turn: turn() });
    await asking;
    expect(app.table.running).toBeNull();
  });
});

describe('stopping', () => {
  it('acts on screen before the program has answered', async () => {
    const [app, bridge] = await start({ 'turn.stop': () => new Promise(() => undefined) });
    bridge.push(
      { type: 'turn_started', turn: turn() },
      { type: 'message_added', message: message('a', 1, { text: '말하', status: 'streaming' }) },
    );
    void app.table.stop();
    expect(app.table.speaking).toEqual([]);
    bridge.push({ type: 'message_grew', message_id: 'a', text: '다 말고' });
    expect(texts(app)).toEqual(['말하']);
    bridge.push({
      type: 'message_changed',
      message: message('a', 1, { text: '말하다', status: 'stopped' }),
    });
    expect(texts(app)).toEqual(['말하다']);
  });
});

describe('drafts', () => {
  it('are stored half a second after the last key', async () => {
    const [app, bridge] = await start();
    app.composer.write('가');
    vi.advanceTimersByTime(400);
    app.composer.write('가나');
    vi.advanceTimersByTime(499);
    expect(bridge.sent('room.draft')).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(bridge.sent('room.draft')).toEqual([{ room_id: 'r1', text: '가나' }]);
  });

  it('are stored before another room is opened, and come back with theirs', async () => {
    const [app, bridge] = await start({
      'room.open': () => view({ room: room('r2', { draft: '남겨 둔 말' }) }),
    });
    app.composer.write('쓰던 말');
    await app.rooms.open('r2');
    expect(bridge.sent('room.draft')).toEqual([{ room_id: 'r1', text: '쓰던 말' }]);
    expect(app.composer.text).toBe('남겨 둔 말');
  });
});

describe('getting ready', () => {
  it('asks for the AI of the room, and says nothing when it cannot be had', async () => {
    const [app, bridge] = await start({ 'room.prepare': fail('signed_out') });
    app.composer.prepare();
    await vi.advanceTimersByTimeAsync(0);
    expect(bridge.sent('room.prepare')).toEqual([{ room_id: 'r1' }]);
    expect(app.table.problem).toBeNull();
  });
});
