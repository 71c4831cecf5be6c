import { expect, it } from 'vitest';
import { daysLeft, moved, ordered } from '../../src/features/shelf/order';
import { entries, scopeOf } from '../../src/features/palette/entries';
import { noChoices } from '../../src/features/stage/telling';
import { DEFAULT_STAGE } from '../../src/bridge/protocol.gen';
import { room } from '../bridge';

const DAY = 86_400_000;

it('keeps a thrown-away room for thirty days', () => {
  expect(daysLeft(room('a', { trashed_at: 0 }), 0)).toBe(30);
  expect(daysLeft(room('a', { trashed_at: 0 }), 29.5 * DAY)).toBe(1);
});

it('orders by time, name, length and hand', () => {
  const a = room('a', { title: 'b', updated_at: 1, message_count: 9, sort_order: 2 });
  const b = room('b', { title: 'a', updated_at: 2, message_count: 3, sort_order: 1 });
  const ids = (order: Parameters<typeof ordered>[1]): string =>
    ordered([a, b], order, 'en')
      .map((each) => each.id)
      .join('');
  expect([ids('recent'), ids('name'), ids('long'), ids('mine')]).toEqual(['ba', 'ba', 'ab', 'ba']);
});

it('moves a room by one place and not past the ends', () => {
  expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'c', 1)).toBeNull();
});

it('asks for commands with > and for people with @', () => {
  const has = {
    rooms: [room('r', { title: 'Save Harbour' })],
    people: [],
    commands: [{ id: 's', label: 'Save', act: () => undefined }],
    untitled: '',
  };
  expect(entries('save', has).map((each) => each.kind)).toEqual(['room', 'command']);
  expect(entries('>save', has).map((each) => each.kind)).toEqual(['command']);
  expect(entries('@save', has)).toEqual([]);
  expect(scopeOf(' @ 한').words).toBe('한');
});

it('says why there can be no choices', () => {
  const seated = {
    ...DEFAULT_STAGE,
    characters: [{ ...({} as (typeof DEFAULT_STAGE.characters)[number]), enabled: true }],
  };
  expect(noChoices(seated)).toBeNull();
  expect(noChoices({ ...seated, conversation: 'group_chat' })).toBe('chat');
  expect(noChoices({ ...DEFAULT_STAGE, conversation: 'group_chat' })).toBeNull();
  expect(noChoices({ ...seated, narrator: { ...seated.narrator, drive: 'direct' } })).toBe(
    'direct',
  );
  expect(noChoices({ ...seated, narrator: { ...seated.narrator, kind: 'me' } })).toBe('me');
});
