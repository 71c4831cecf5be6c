import { describe, expect, it } from 'vitest';
import { noUsage, NOTHING, together, withTurn } from '../../src/bridge/demo.usage';
import type { UsageSums } from '../../src/bridge/protocol.gen';
import { tokensOf } from '../../src/state/usage.svelte';
import { AppState } from '../../src/state/app.svelte';
import { message, opened, room, TestBridge, turn, view } from '../bridge';

const used = (input: number): UsageSums => ({
  ...noUsage('r1'),
  all: { ...NOTHING, turns: 1, input, output: 5 },
});

describe('usage of a room', () => {
  it('comes with the room, with the end of a turn, and stays where a path leaves it out', async () => {
    const bridge = new TestBridge({
      'app.open': () => opened({ room: view({ usage: used(10) }) }),
    });
    const app = new AppState(bridge);
    await app.open('ko');
    expect(app.table.usage).toEqual(used(10));
    bridge.push({ type: 'turn_ended', turn: turn('t1'), room: room(), usage: used(20) });
    expect(tokensOf(app.table.usage?.all ?? NOTHING)).toBe(25);
    const path = {
      type: 'path_changed' as const,
      room: room(),
      messages: [],
      has_more: false,
    };
    bridge.push({ ...path, last_turn: null, usage: null });
    expect(app.table.usage).toEqual(used(20));
    bridge.push({ ...path, last_turn: null, usage: noUsage('r1') });
    expect(app.table.usage).toEqual(noUsage('r1'));
  });
});

describe('usage in the demo', () => {
  it('is shared out among the speakers and adds up over rooms', () => {
    const ended = turn('t1', {
      usage: { ...turn('t1').usage, input: 100, output: 20, source: 'reported' },
    });
    const said = [message('a', 1, { text: '여섯글자다요' }), message('b', 2, { text: '둘이' })];
    const sums = withTurn(noUsage('r1'), ended, said);
    expect(tokensOf(sums.all)).toBe(120);
    expect(sums.speakers.reduce((whole, one) => whole + tokensOf(one.all), 0)).toBe(120);
    expect(together([sums, sums]).all.turns).toBe(2);
  });
});
