import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppState } from '../../src/state/app.svelte';
import { fail, message, opened, room, TestBridge, turn, view } from '../bridge';

const rows = [
  message('m1', 1, { text: '하나', author: { kind: 'user', name: 'Me', id: '', dye: '' } }),
  message('m2', 2, { text: '둘', alternatives: 2, alternative: 2 }),
  message('m3', 3, { text: '셋' }),
];

async function start(answers: TestBridge['answers'] = {}): Promise<[AppState, TestBridge]> {
  const bridge = new TestBridge({
    'app.open': () => opened({ room: view({ messages: rows }) }),
    'room.draft': () => ({}),
    ...answers,
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return [app, bridge];
}

const ids = (app: AppState): string[] => app.table.utterances.map((each) => each.id);
const kinds = (app: AppState): string[] => app.notices.shown.map((each) => each.notice.kind);
const path = (...messages: typeof rows) => ({
  room: room(),
  messages,
  has_more: false,
  last_turn: null,
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('taking a message away', () => {
  it('happens at once, and offers the way back when the program has done it', async () => {
    let answer: (done: unknown) => void = () => undefined;
    const [app] = await start({ 'message.delete': () => new Promise((done) => (answer = done)) });
    const removing = app.story.remove('m2');
    expect(ids(app)).toEqual(['m1', 'm3']);
    expect(kinds(app)).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    answer(room());
    await removing;
    expect(kinds(app)).toEqual(['acted']);
  });

  it('puts it back where it was when the program refuses', async () => {
    const [app] = await start({ 'message.delete': fail('busy') });
    await app.story.remove('m2');
    expect(ids(app)).toEqual(['m1', 'm2', 'm3']);
    expect(kinds(app)).toEqual(['problem']);
  });

  it('asks the program to undo, and says what was undone', async () => {
    const [app, bridge] = await start({
      'message.delete': () => room(),
      'history.undo': () => ({ code: 'delete', room: room() }),
    });
    await app.story.remove('m2');
    app.notices.undoLast();
    await app.story.settled();
    bridge.push({ type: 'message_added', message: rows[1] as (typeof rows)[number] });
    expect(ids(app)).toEqual(['m1', 'm2', 'm3']);
    expect(app.notices.shown.map((each) => each.notice)).toMatchObject([
      { kind: 'undone', code: 'delete' },
    ]);
  });

  it('withdraws an offer that would by now undo something else', async () => {
    const [app, bridge] = await start({ 'message.delete': () => room() });
    await app.story.remove('m2');
    bridge.push({ type: 'history_changed', room_id: 'r1', undo: 'stage', redo: null });
    expect(kinds(app)).toEqual([]);
  });
});

describe('an edit', () => {
  it('that is not taken stands in its box again with all that was typed', async () => {
    const [app] = await start({ 'message.edit': fail('storage_full') });
    app.story.edit('m2');
    if (app.story.editing) app.story.editing.text = '고친 글';
    const saving = app.story.saveEdit();
    expect(app.table.find('m2')?.message.text).toBe('고친 글');
    await saving;
    expect(app.table.find('m2')?.message.text).toBe('둘');
    expect(app.story.editing).toMatchObject({ id: 'm2', text: '고친 글' });
    expect(app.story.editing?.problem?.code).toBe('storage_full');
  });
});

describe('versions', () => {
  it('show the number asked for at once, and the old one when that fails', async () => {
    const [app] = await start({ 'message.switch': fail('not_found') });
    const second = rows[1] as (typeof rows)[number];
    const switching = app.story.switchTo(second, 1);
    expect(app.story.switching).toEqual({ id: 'm2', to: 1 });
    await switching;
    expect(app.story.switching).toBeNull();
    expect(ids(app)).toEqual(['m1', 'm2', 'm3']);
  });

  it('keep the rows that stand in both paths', async () => {
    const other = message('m2b', 2, { text: '다른 둘', alternatives: 2, alternative: 1 });
    const [app] = await start({ 'message.switch': () => path(rows[0] as typeof other, other) });
    const kept = app.table.find('m1');
    await app.story.switchTo(rows[1] as typeof other, 1);
    expect(ids(app)).toEqual(['m1', 'm2b']);
    expect(app.table.find('m1')).toBe(kept);
  });

  it('begin a new one behind the last of the newest reply only', async () => {
    const [app, bridge] = await start({ 'turn.again': () => ({ message: null, turn: turn() }) });
    await app.story.step(rows[0] as (typeof rows)[number], 1);
    expect(bridge.sent('turn.again')).toEqual([]);
    await app.story.step(rows[1] as (typeof rows)[number], 1);
    expect(bridge.sent('turn.again')).toEqual([{ room_id: 'r1', message_id: 'm2', direction: '' }]);
  });
});

describe('a line said while an answer is written', () => {
  const mine = { name: 'Me', narrator: '' };
  const wait = async (answers: TestBridge['answers'] = {}) => {
    const started = await start({
      'turn.send': () => ({ message: null, turn: turn('t2') }),
      ...answers,
    });
    started[1].push({ type: 'turn_started', turn: turn() });
    started[0].composer.write('다음 말');
    started[0].composer.queue(mine);
    return started;
  };

  it('waits, and is sent when the answer is whole', async () => {
    const [app, bridge] = await wait();
    expect([app.composer.text, app.composer.queued?.text]).toEqual(['', '다음 말']);
    expect(bridge.sent('turn.send')).toEqual([]);
    bridge.push({
      type: 'turn_ended',
      turn: turn('t1', { outcome: 'complete' }),
      room: room(),
      usage: null,
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(bridge.sent('turn.send')).toMatchObject([{ text: '다음 말' }]);
    expect(app.composer.queued).toBeNull();
  });

  it.each(['stopped', 'failed'] as const)('stays as text after one that %s', async (outcome) => {
    const [app, bridge] = await wait();
    bridge.push({ type: 'turn_ended', turn: turn('t1', { outcome }), room: room(), usage: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(app.composer.text).toBe('다음 말');
    expect(bridge.sent('turn.send')).toEqual([]);
  });

  it('is part of the draft, so that a crash loses nothing', async () => {
    const [app, bridge] = await wait();
    app.composer.keep();
    expect(bridge.sent('room.draft').at(-1)).toEqual({ room_id: 'r1', text: '다음 말' });
  });

  it('is sent beside what is being typed, which stays', async () => {
    const [app, bridge] = await wait();
    app.composer.write('더 쓰는 중');
    bridge.push({
      type: 'turn_ended',
      turn: turn('t1', { outcome: 'complete' }),
      room: room(),
      usage: null,
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(bridge.sent('turn.send')).toMatchObject([{ text: '다음 말' }]);
    expect(app.composer.text).toBe('더 쓰는 중');
  });
});
