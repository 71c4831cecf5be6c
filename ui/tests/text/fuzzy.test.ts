import { expect, it } from 'vitest';
import { matches, score } from '../../src/text/fuzzy';

it.each([
  ['안개 항로 우체국', '우체'],
  ['안개 항로 우체국', 'ㅇㄱㅎㄹ'],
  ['안개 항로 우체국', '안개항'],
  ['한마루', '한ㅁ'],
  ['윤슬', '유'],
  ['Night Train', 'ntrain'],
])('%s is meant by %s', (name, typed) => expect(matches(name, typed)).toBe(true));

it.each([
  ['한마루', '윤'],
  ['한마루', 'ㅂ'],
  ['Night Train', 'zz'],
])('%s is not meant by %s', (name, typed) => expect(matches(name, typed)).toBe(false));

it('puts the beginning of a name before its middle, and that before letters in order', () => {
  expect(score('등대지기', '등대')).toBeGreaterThan(score('일곱째 등대', '등대'));
  expect(score('일곱째 등대', '등대')).toBeGreaterThan(score('등불과 대문', '등대'));
});
