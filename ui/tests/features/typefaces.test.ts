import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { bringTypefaces } from '../../src/features/shell/typefaces';

const STYLES = join(import.meta.dirname, '../../src/styles');
const linked = (): number => document.head.querySelectorAll('link[rel=stylesheet]').length;

beforeEach(() => {
  document.head.replaceChildren();
});

it('links the Japanese typefaces for Japanese only, and once', () => {
  bringTypefaces('ko');
  bringTypefaces('en');
  expect(linked()).toBe(0);
  bringTypefaces('ja');
  bringTypefaces('ko');
  bringTypefaces('ja');
  expect(linked()).toBe(1);
});

it('names the Japanese typefaces in no style that every language reads', () => {
  const naming = readdirSync(STYLES).filter((name) =>
    /noto-serif-jp|pretendard-jp|(?:Serif|Pretendard) JP/u.test(
      readFileSync(join(STYLES, name), 'utf8').replaceAll(/:root:lang\(ja\) \{[^}]*\}/gu, ''),
    ),
  );
  expect(naming).toEqual(['japanese.css']);
});
