import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, DEFAULT_STAGE, type Settings } from '../../src/bridge/protocol.gen';
import type { Place } from '../../src/state/aloud.svelte';
import { together } from '../../src/state/aloud.svelte';
import { AppState } from '../../src/state/app.svelte';
import { fail, message, opened, room, TestBridge, turn, view } from '../bridge';

class FakeUtterance {
  voice: { name: string } | null = null;
  lang = '';
  rate = 1;
  pitch = 1;
  onend = (): void => undefined;
  onerror = (): void => undefined;
  constructor(readonly text: string) {}
}

/** An engine that speaks until the test says that a sentence is over. */
class FakeSynthesis {
  said: FakeUtterance[] = [];
  cancelled = 0;
  constructor(readonly languages: string[]) {}
  getVoices = () => this.languages.map((lang) => ({ name: `voice ${lang}`, lang }));
  speak = (spoken: FakeUtterance) => void this.said.push(spoken);
  cancel = () => {
    this.cancelled += 1;
    this.said.at(-1)?.onerror();
  };
  end = () => this.said.at(-1)?.onend();
  get texts(): string[] {
    return this.said.map((each) => each.text);
  }
}

const ANA = {
  id: 'ana',
  name: 'Ana',
  aliases: [],
  line: '',
  description: '',
  speech: '',
  examples: [],
  relations: [],
  secrets: [],
  dye: 'iki' as const,
  enabled: true,
  provider: '',
  model: '',
  voice: { name: 'voice en', speed: 120, pitch: 90 },
  picture: '',
  card: '',
};
const narrated = { kind: 'narrator' as const, name: '', id: '', dye: '' };

let engine: FakeSynthesis;
let bridge: TestBridge;

async function open(languages = ['ko-KR', 'en'], speech: Partial<Settings['speech']> = {}) {
  engine = new FakeSynthesis(languages);
  vi.stubGlobal('speechSynthesis', engine);
  vi.stubGlobal('SpeechSynthesisUtterance', FakeUtterance);
  const table = view({
    room: room('r1', { stage: { ...DEFAULT_STAGE, characters: [ANA] } }),
    messages: [
      message('m1', 1, { text: '하나. *웃는다.* 둘.' }),
      message('m2', 2, { text: '밤이었다.', author: narrated }),
      message('m3', 3, { text: '셋.' }),
    ],
  });
  bridge = new TestBridge({
    'app.open': () =>
      opened({
        room: table,
        settings: { ...DEFAULT_SETTINGS, speech: { ...DEFAULT_SETTINGS.speech, ...speech } },
      }),
    'speech.say': () => ({}),
    'speech.stop': () => ({}),
    'speech.voices': () => ({ program: '', own: false, voices: [] }),
  });
  const app = new AppState(bridge);
  await app.open('ko');
  return app;
}

const placed = (place: Place | undefined): unknown => place && [place.messageId, place.text];

beforeEach(() => vi.useRealTimers());
afterEach(() => vi.unstubAllGlobals());

describe('reading aloud by the voices of the page', () => {
  it('reads one message, sentence by sentence, and marks each', async () => {
    const { aloud } = await open();
    expect(aloud.on).toBe(false);
    aloud.play('m1');
    expect(placed(aloud.place)).toEqual(['m1', '하나.']);
    expect([aloud.place?.start, aloud.place?.end]).toEqual([0, 3]);
    engine.end();
    expect(placed(aloud.place)).toEqual(['m1', '둘.']);
    engine.end();
    expect(aloud.on).toBe(false);
    expect(engine.texts).toEqual(['하나.', '둘.']);
  });

  it('gives everyone the voice they have', async () => {
    const { aloud } = await open();
    aloud.play('m1', true);
    engine.end();
    engine.end();
    engine.end();
    expect(engine.texts).toEqual(['하나.', '둘.', '밤이었다.', '셋.']);
    const voices = engine.said.map((each) => [each.voice?.name, each.rate, each.pitch]);
    expect(voices[0]).toEqual(['voice en', 1.2, 0.9]);
    expect(voices[2]).toEqual(['voice ko-KR', 1, 1]);
  });

  it('leaves the narrator out where that is wished', async () => {
    const { aloud, notices } = await open(undefined, { narrator: false });
    aloud.play('m2');
    expect(aloud.on).toBe(false);
    expect(notices.shown.map((each) => each.notice.kind)).toEqual(['nothing_aloud']);
  });

  it('pauses, goes on with the sentence that was broken off, skips and stops', async () => {
    const { aloud } = await open();
    aloud.play('m1', true);
    engine.end();
    aloud.toggle();
    expect([aloud.phase, engine.cancelled]).toEqual(['paused', 1]);
    expect(placed(aloud.place)).toEqual(['m1', '둘.']);
    aloud.toggle();
    expect(engine.texts).toEqual(['하나.', '둘.', '둘.']);
    aloud.next();
    expect(placed(aloud.place)).toEqual(['m2', '밤이었다.']);
    aloud.stop();
    const said = engine.said.length;
    engine.end();
    expect(engine.said).toHaveLength(said);
    expect(aloud.place).toBeUndefined();
  });

  it('says so when the engine fails', async () => {
    const { aloud, notices } = await open();
    aloud.play('m1');
    engine.said[0]?.onerror();
    expect(aloud.on).toBe(false);
    expect(notices.shown.map((each) => each.notice)).toEqual([{ kind: 'no_voice', way: 'page' }]);
  });
});

describe('new answers', () => {
  const answer = message('m4', 4, { text: '새 답.', turn_id: 't9' });
  const arrives = (): void => {
    bridge.push({ type: 'message_added', message: answer });
    bridge.push({ type: 'turn_ended', turn: turn('t9'), room: room(), usage: null });
  };

  it('are never read by themselves', async () => {
    const { aloud } = await open();
    arrives();
    expect(aloud.on).toBe(false);
    expect(engine.said).toEqual([]);
  });

  it('are read once that was switched on, until another room comes', async () => {
    const { aloud, table } = await open();
    aloud.follow(true);
    arrives();
    expect(engine.texts).toEqual(['새 답.']);
    aloud.entered('r2');
    expect([aloud.on, aloud.following]).toEqual([false, false]);
    expect(table.roomId).toBe('r1');
  });

  it('wait for what is being read', async () => {
    const { aloud } = await open();
    aloud.follow(true);
    aloud.play('m3');
    arrives();
    expect(engine.texts).toEqual(['셋.']);
    engine.end();
    expect(engine.texts).toEqual(['셋.', '새 답.']);
  });
});

describe('reading aloud by a program', () => {
  const id = (): string => (bridge.sent('speech.say').at(-1) as { speech_id: string }).speech_id;
  const tells = (index: number, state: 'saying' | 'done' | 'failed', speech_id = id()): void =>
    bridge.push({ type: 'speech_changed', progress: { speech_id, index, state, problem: null } });

  it('is the way where the page has no voice of the language', async () => {
    const { aloud } = await open(['en']);
    expect(aloud.way).toBe('command');
    aloud.play('m1');
    expect(bridge.sent('speech.say')).toMatchObject([
      { sentences: [{ text: '하나.', language: 'ko' }, { text: '둘.' }] },
    ]);
    tells(1, 'saying', 'of something else');
    expect(placed(aloud.place)).toEqual(['m1', '하나.']);
    tells(1, 'saying');
    expect(placed(aloud.place)).toEqual(['m1', '둘.']);
    tells(1, 'done');
    expect(aloud.on).toBe(false);
  });

  it('is stopped by its own name, and not heard of any more', async () => {
    const { aloud } = await open([]);
    aloud.play('m1');
    const mine = id();
    aloud.stop();
    await vi.waitFor(() => expect(bridge.sent('speech.stop')).toEqual([{ speech_id: mine }]));
    tells(1, 'saying', mine);
    expect(aloud.on).toBe(false);
  });

  it('is missed with a way on', async () => {
    const { aloud, notices } = await open([]);
    bridge.answers['speech.say'] = fail('not_installed');
    aloud.play('m1');
    await vi.waitFor(() => expect(aloud.on).toBe(false));
    expect(notices.shown.map((each) => each.notice)).toEqual([
      { kind: 'no_voice', way: 'command' },
    ]);
  });
});

it("a voice of one's own is laid over the usual one", () => {
  const usual = { name: 'usual', speed: 150, pitch: 100 };
  expect(together(usual, undefined)).toBe(usual);
  expect(together(usual, { name: '', speed: 150, pitch: 50 })).toEqual({
    name: 'usual',
    speed: 200,
    pitch: 50,
  });
});
