import { describe, expect, it } from 'vitest';
import { AppState } from '../../src/state/app.svelte';
import { message, opened, room, TestBridge, turn, view } from '../bridge';

const said = (app: AppState): [string, string][] =>
  app.table.utterances.map((each) => [each.id, each.text]);

async function open(bridge: TestBridge): Promise<AppState> {
  const app = new AppState(bridge);
  await app.open('ko');
  return app;
}

describe('events', () => {
  it('are applied in order, and text grows where it belongs', async () => {
    const bridge = new TestBridge({ 'app.open': () => opened() });
    const app = await open(bridge);
    bridge.push(
      { type: 'turn_started', turn: turn() },
      { type: 'message_added', message: message('a', 1, { text: '안', status: 'streaming' }) },
      { type: 'message_added', message: message('b', 2, { text: '응', status: 'streaming' }) },
    );
    bridge.push(
      { type: 'message_grew', message_id: 'a', text: '녕' },
      { type: 'message_grew', message_id: 'b', text: '?' },
    );
    expect(said(app)).toEqual([
      ['a', '안녕'],
      ['b', '응?'],
    ]);
    expect(app.table.speaking.map((each) => each.id)).toEqual(['a', 'b']);
    bridge.push(
      { type: 'message_changed', message: message('a', 1, { text: '안녕.' }) },
      { type: 'message_removed', room_id: 'r1', message_id: 'b' },
      {
        type: 'turn_ended',
        turn: turn('t1', { outcome: 'complete' }),
        room: room('r1', { message_count: 1 }),
        usage: null,
      },
    );
    expect(said(app)).toEqual([['a', '안녕.']]);
    expect(app.table.running).toBeNull();
    expect(app.rooms.current?.message_count).toBe(1);
  });

  it('that are already in the snapshot are not applied again', async () => {
    const bridge = new TestBridge({
      'app.open': () => {
        bridge.pushAs(7, { type: 'message_grew', message_id: 'a', text: ' 두 번' });
        bridge.pushAs(9, { type: 'message_grew', message_id: 'a', text: ' 새로' });
        return opened({
          sequence: 7,
          room: view({
            sequence: 7,
            messages: [message('a', 1, { text: '한 번', status: 'streaming' })],
          }),
        });
      },
    });
    const app = await open(bridge);
    expect(said(app)).toEqual([['a', '한 번 새로']]);
  });

  it('that come while a room is fetched are neither lost nor told twice', async () => {
    const grew = (text: string) => ({ type: 'message_grew', message_id: 'x', text }) as const;
    const bridge = new TestBridge({
      'app.open': () => opened({ rooms: [room('r1'), room('r2')] }),
      'room.draft': () => ({}),
      'room.open': () => {
        bridge.pushAs(5, grew('B'));
        bridge.pushAs(6, grew('C'));
        return view({
          room: room('r2'),
          messages: [message('x', 1, { room_id: 'r2', text: 'AB', status: 'streaming' })],
          sequence: 5,
        });
      },
    });
    const app = await open(bridge);
    await app.rooms.open('r2');
    expect(said(app)).toEqual([['x', 'ABC']]);
    bridge.pushAs(7, grew('D'));
    expect(said(app)).toEqual([['x', 'ABCD']]);
  });

  it('of other rooms leave the open one alone', async () => {
    const bridge = new TestBridge({ 'app.open': () => opened() });
    const app = await open(bridge);
    bridge.push(
      { type: 'turn_started', turn: turn('t9', { room_id: 'r2' }) },
      { type: 'message_added', message: message('z', 1, { room_id: 'r2' }) },
    );
    expect(said(app)).toEqual([]);
    expect(app.table.running).toBeNull();
    expect(app.rooms.running).toEqual({ r2: 't9' });
  });

  it('stand in the order of their positions', async () => {
    const bridge = new TestBridge({ 'app.open': () => opened() });
    const app = await open(bridge);
    bridge.push(
      { type: 'message_added', message: message('late', 3) },
      { type: 'message_added', message: message('early', 2) },
    );
    expect(said(app).map(([id]) => id)).toEqual(['early', 'late']);
  });
});

it('a failed start says why and can be tried again', async () => {
  let works = false;
  const bridge = new TestBridge({
    'app.open': () => {
      if (!works) throw new Error('no');
      return opened();
    },
  });
  const app = await open(bridge);
  expect(app.connection.phase).toBe('failed');
  expect(app.connection.problem?.code).toBe('bug');
  works = true;
  await app.open('ko');
  expect(app.connection.phase).toBe('open');
});
