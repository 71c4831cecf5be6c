import { afterEach, describe, expect, it, vi } from 'vitest';
import { rangeOf } from '../../src/features/table/marking';
import { parseMarkup } from '../../src/text/markup';
import { BubblePaper } from '../../src/text/papers';
import { sentencesOf, type Reading } from '../../src/text/speaking';

const SPEECH: Reading = {
  language: 'ko',
  narration: false,
  quotesOnly: false,
  skipActions: true,
};
const TOLD: Reading = { ...SPEECH, narration: true };
const texts = (text: string, reading = SPEECH): string[] =>
  sentencesOf(text, reading).map((each) => each.text);

/** The box as a bubble draws it. */
function drawn(text: string, narration: boolean): HTMLElement {
  const box = document.createElement('div');
  const paper = new BubblePaper(box);
  for (const piece of parseMarkup(text, { quotes: narration })) paper.add(piece);
  return box;
}

afterEach(() => vi.unstubAllGlobals());

describe('what is read aloud', () => {
  it('is cut into sentences', () => {
    expect(texts('안개가 걷혔어. 정말이야? 응!')).toEqual(['안개가 걷혔어.', '정말이야?', '응!']);
    expect(texts('霧が晴れた。本当？', { ...SPEECH, language: 'ja' })).toEqual([
      '霧が晴れた。',
      '本当？',
    ]);
  });

  it('leaves actions out, and ends a sentence where they stood', () => {
    expect(texts('쉿. *창에 귀를 댄다.* 들려?')).toEqual(['쉿.', '들려?']);
    expect(texts('쉿. *창에 귀를 댄다.* 들려?', { ...SPEECH, skipActions: false })).toEqual([
      '쉿.',
      '창에 귀를 댄다.',
      '들려?',
    ]);
    expect(texts('*고개만 젓는다.*')).toEqual([]);
  });

  it('of narration is only what somebody says, if that is wished', () => {
    const text = '그는 말했다. “열지 마.” 문이 흔들렸다.';
    expect(texts(text, { ...TOLD, quotesOnly: true })).toEqual(['“열지 마.”']);
    expect(texts(text, TOLD).join(' ')).toBe(text);
    expect(texts('열지 마.', { ...SPEECH, quotesOnly: true })).toEqual(['열지 마.']);
  });

  it('has no choices and nothing that cannot be said', () => {
    expect(texts('불이 꺼졌다.\n\nA. 연다\nB. 도망친다', TOLD)).toEqual(['불이 꺼졌다.']);
    expect(texts('…\n— — —\n그래.')).toEqual(['그래.']);
  });

  it('is cut the same way by an engine without a segmenter', () => {
    const text = '“가자.” 그가 말했다… 정말? 3.5미터였다';
    const usual = texts(text);
    vi.stubGlobal('Intl', { ...Intl, Segmenter: undefined });
    const plain = texts(text);
    expect(plain[0]).toBe('“가자.”');
    expect(plain.join('').replaceAll(' ', '')).toBe(usual.join('').replaceAll(' ', ''));
  });

  it('breathes in a sentence without end, never inside a character', () => {
    const long = '아주 긴 이야기가 '.repeat(200);
    const parts = texts(long);
    expect(parts.length).toBeGreaterThan(2);
    expect(Math.max(...parts.map((each) => each.length))).toBeLessThanOrEqual(600);
    expect(parts.join(' ')).toBe(long.trim());
    const emoji = '가' + '😀'.repeat(700);
    expect(texts(emoji).every((each) => !/^[\udc00-\udfff]|[\ud800-\udbff]$/u.test(each))).toBe(
      true,
    );
  });

  it.each([
    ['쉿. *창에 귀를 댄다.* 안개가\n\n  이름을 부르고 있어! “응?” 그래.', false],
    ['그는 *아주 천천히* 말했다. “열지 마.”\n문이 흔들렸다. 셋.\nA. 연다\nB. 간다', true],
    ['별 * 하나만. **굵게** 말해.\r\n다음 줄.', false],
  ])('stands in the bubble where it says it stands: %s', (text, narration) => {
    const box = drawn(text, narration);
    const found = sentencesOf(text, { ...SPEECH, narration, skipActions: false });
    expect(found.length).toBeGreaterThan(2);
    for (const { text: said, start, end } of found) {
      expect(box.textContent.slice(start, end)).toBe(said);
      expect(rangeOf(box, start, end)?.toString()).toBe(said);
    }
  });
});
