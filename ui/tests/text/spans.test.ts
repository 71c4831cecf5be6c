import { expect, test } from 'vitest';
import { pieces } from '../../src/text/spans';

test('places are counted in code points, so a picture before them moves nothing', () => {
  expect(pieces('😀우표 한 장', [[1, 3]])).toEqual([
    { text: '😀', marked: false },
    { text: '우표', marked: true },
    { text: ' 한 장', marked: false },
  ]);
});

test('places that touch or overlap repeat nothing', () => {
  const cut = pieces('가나다라', [
    [0, 2],
    [1, 3],
  ]);
  expect(cut.map((each) => each.text).join('')).toBe('가나다라');
  expect(cut.filter((each) => each.marked).map((each) => each.text)).toEqual(['가나', '다']);
});
