import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseMarkup } from '../../src/text/markup';

interface Case {
  line: string;
  pieces: [acting: boolean, words: string][];
}

const CASES = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '../../../tests/formats/books/markup_cases.json'),
    'utf-8',
  ),
) as Case[];

it('knows the cases that saved books are laid out by', () =>
  expect(CASES.length).toBeGreaterThan(20));

it.each(CASES)('reads as saved books do: $line', ({ line, pieces }) => {
  const found = parseMarkup(line, { quotes: false });
  expect(found.map((each) => each.kind === 'text' && [each.style === 'act', each.text])).toEqual(
    pieces,
  );
});
