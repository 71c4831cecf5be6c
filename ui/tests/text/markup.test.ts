import { describe, expect, it } from 'vitest';
import { MarkupStream, merge, parseMarkup, type Piece } from '../../src/text/markup';

const options = { quotes: false };
const act = (text: string): Piece => ({ kind: 'text', style: 'act', text });
const plain = (text: string): Piece => ({ kind: 'text', style: 'plain', text });

function streamed(text: string, size: number, quotes = false): Piece[] {
  const stream = new MarkupStream({ quotes });
  const out: Piece[] = [];
  for (let at = 0; at < text.length; at += size)
    out.push(...stream.push(text.slice(at, at + size)));
  return merge([...out, ...stream.end()]);
}

describe('inline markup', () => {
  it('sets an action apart from what is said', () => {
    expect(parseMarkup('*웃는다.* 그래.', options)).toEqual([act('웃는다.'), plain(' 그래.')]);
  });

  it('says the same for every slicing of the text', () => {
    const text = '*문을 연다.* 안녕, 2*3은 6이야.\n“누구?” *속삭인다* 끝 * 별';
    for (const quotes of [true, false])
      for (const size of [1, 2, 3, 5, 100])
        expect(streamed(text, size, quotes)).toEqual(streamed(text, 1000, quotes));
  });

  it('holds a star back until the next character says what it is', () => {
    const stream = new MarkupStream(options);
    expect(stream.push('그래 *')).toEqual([plain('그래 ')]);
    expect(stream.push('웃')).toEqual([act('웃')]);
  });

  it('leaves a lone star as it is once the text is complete', () => {
    expect(parseMarkup('별표 *하나만', options)).toEqual([plain('별표 *하나만')]);
    expect(parseMarkup('3 * 4 = 12', options)).toEqual([plain('3 * 4 = 12')]);
  });

  it('ends an action with its line', () => {
    expect(streamed('*길게\n다음', 1)).toEqual([act('길게'), { kind: 'break' }, plain('다음')]);
  });

  it('knows what somebody says inside narration', () => {
    expect(parseMarkup('그가 “쉿.” 했다', { quotes: true })).toEqual([
      plain('그가 '),
      { kind: 'text', style: 'quote', text: '“쉿.”' },
      plain(' 했다'),
    ]);
  });
});
