import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askedRolls, inventedRolls } from '../../src/text/rolls';

const CASES = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../tests/dialogue/invented_cases.json'), 'utf-8'),
) as { text: string; found: string[] }[];

it.each(CASES)('finds what the program finds in $text', ({ text, found }) => {
  expect(inventedRolls(text)).toEqual(found);
});

it('finds what is asked for, and neither plain words nor what has a result already', () => {
  const text = '문을 살핀다. [[판정: 관찰력 CC<=60]] 그리고 [[힘 2d6+1]]. [[민수]]는 [[1d20]] = 5.';
  expect(askedRolls(text)).toEqual([
    { whole: '[[판정: 관찰력 CC<=60]]', inside: '판정: 관찰력 CC<=60' },
    { whole: '[[힘 2d6+1]]', inside: '힘 2d6+1' },
  ]);
});
