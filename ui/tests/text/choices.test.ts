import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { splitChoices } from '../../src/text/choices';

interface Case {
  name: string;
  text: string;
  body: string;
  choices: [mark: string, text: string][];
}

const CASES = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../tests/dialogue/choices_cases.json'), 'utf-8'),
) as Case[];

it('knows the cases the program knows', () => expect(CASES.length).toBeGreaterThan(20));

it.each(CASES)('reads as the program does: $name', ({ text, body, choices }) => {
  expect(splitChoices(text)).toEqual({
    body,
    choices: choices.map(([mark, said]) => ({ mark, text: said })),
  });
});
