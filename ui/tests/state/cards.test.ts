import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardTaken, Character } from '../../src/bridge/protocol.gen';
import { AppState } from '../../src/state/app.svelte';
import { looksLikeCard } from '../../src/state/cards.svelte';
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

const person = (app: AppState): Character => ({ ...app.stage.newCharacter('하루'), id: 'fresh' });

const taken = (character: Character | null, part: Partial<CardTaken> = {}): CardTaken => ({
  character,
  situation: '',
  book_file: '',
  book_name: '',
  lines: [],
  ...part,
});

beforeEach(() => {
  vi.useFakeTimers();
});

describe('a pasted text', () => {
  it('is somebody if it is a piece or a card', () => {
    expect(looksLikeCard('{"kind":"character","data":{}}')).toBe(true);
    expect(looksLikeCard(' {\n "spec" : "chara_card_v3", "data": {}}')).toBe(true);
  });

  it('stays text if it is anything else', () => {
    for (const text of ['', '{', '안녕', '{"kind":"other"}', 'say {"kind":"character"}'])
      expect(looksLikeCard(text)).toBe(false);
  });
});

it('seats whoever was chosen and puts their lore in force', async () => {
  const [app, bridge] = await start({
    'card.choose': () =>
      taken(person(app), { situation: '밤', book_file: '항구.json', book_name: '항구' }),
  });
  app.stage.edit({ me: { ...app.stage.value.me, name: '은하' } });
  const before = app.stage.value.characters.length;
  const seated = await app.cards.choose();
  expect(bridge.sent('card.choose')).toEqual([{ me: '은하' }]);
  expect(seated?.id).toBe('fresh');
  expect(app.stage.value.characters).toHaveLength(before + 1);
  expect(app.stage.value.lorebooks).toEqual(['항구.json']);
  expect(app.notices.shown.at(-1)?.notice).toMatchObject({ kind: 'card_taken', book: '항구' });
});

it('leaves a situation alone that the room has already', async () => {
  const [app] = await start({ 'card.choose': () => taken(person(app), { situation: '밤' }) });
  app.stage.edit({ situation: '아침' });
  await app.cards.choose();
  expect(app.stage.value.situation).toBe('아침');
});

it('changes nothing when the dialog is closed or the file is no card', async () => {
  const [app] = await start({ 'card.choose': () => taken(null) });
  const before = app.stage.value;
  expect(await app.cards.choose()).toBeNull();
  expect(app.stage.value).toBe(before);
  const [other] = await start({ 'card.choose': fail('bad_file') });
  expect(await other.cards.choose()).toBeNull();
  expect(other.notices.shown.at(-1)?.notice).toMatchObject({ kind: 'problem' });
  expect(other.cards.busy).toBe(false);
});

it('asks once at a time', async () => {
  const [app, bridge] = await start({ 'card.choose': () => new Promise(() => undefined) });
  void app.cards.choose();
  expect(await app.cards.choose()).toBeNull();
  expect(bridge.sent('card.choose')).toHaveLength(1);
});

it('says where a card was saved, and nothing if it was not', async () => {
  let file = '하루.png';
  const [app] = await start({ 'card.save': () => ({ file }) });
  await app.cards.save(person(app), 'card_png');
  expect(app.notices.shown.at(-1)?.notice).toEqual({ kind: 'card_saved', file });
  const count = app.notices.shown.length;
  file = '';
  await app.cards.save(person(app), 'card_png');
  expect(app.notices.shown).toHaveLength(count);
});
