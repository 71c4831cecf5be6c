import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/i18n/en';
import { ja } from '../../src/i18n/ja';
import { ko } from '../../src/i18n/ko';

const SRC = join(import.meta.dirname, '../../src');
const HANGUL_OR_KANA = /[\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

type Leaf = [path: string, value: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  // Codes have dots of their own; in a path they are written as middle dots.
  return Object.entries(value).flatMap(([key, each]) =>
    leaves(each, [path, key.replaceAll('.', '·')].filter(Boolean).join('.')),
  );
}

/** The words of a leaf, called with numbers or names where it wants some. */
function said(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'function') return '';
  const call = value as (...given: unknown[]) => unknown;
  let outcome: unknown;
  try {
    outcome = call(7, 7);
  } catch {
    outcome = call('LUNA', 'LUNA');
  }
  return typeof outcome === 'string' ? outcome : JSON.stringify(outcome);
}

function sources(extension: string): { path: string; text: string }[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }));
}

const every = [...sources('.svelte'), ...sources('.ts')];
const all = every.filter(({ path }) => !path.startsWith('i18n'));

describe.each([
  ['en', en],
  ['ja', ja],
])('the %s catalogue', (name, catalogue) => {
  it('says everything Korean says and nothing more', () => {
    const paths = (each: unknown): string[] =>
      leaves(each)
        .map(([path]) => path)
        .sort();
    expect(paths(catalogue)).toEqual(paths(ko));
  });

  it('leaves nothing empty and nothing in Korean', () => {
    for (const [path, value] of leaves(catalogue)) {
      expect(said(value).trim(), path).not.toBe('');
      expect(said(value), path).not.toMatch(/\p{Script=Hangul}/u);
    }
  });

  it('is a translation, not a copy', () => {
    const same = leaves(catalogue).filter(
      ([path, value]) =>
        HANGUL_OR_KANA.test(said(at(ko, path))) && said(value) === said(at(ko, path)),
    );
    expect(same, name).toEqual([]);
  });
});

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((now, key) => (now as Record<string, unknown>)[key.replaceAll('·', '.')], value);
}

/** `t().a.b` names a leaf, `t().a.b[x]` and a group handed on name everything below. */
function isUsed(path: string, code: string): boolean {
  const parts = path.split('.');
  if (new RegExp(`t\\(\\)\\.${path.replaceAll('.', '\\.')}\\b`, 'u').test(code)) return true;
  const parent = parts.slice(0, -1).join('.');
  return code.includes(`t().${parent}[`) || code.includes(`= t().${parent};`);
}

/** `const words = $derived(t().a.b);` lends a group a short name for the rest of its file. */
function spelledOut(text: string): string {
  const lent = [...text.matchAll(/const (\w+) = (?:\$derived\()?(t\(\)(?:\.\w+)+)\)?;/gu)];
  return lent.reduce(
    (now, [whole, name, group]) =>
      now
        .replace(whole, '')
        .replaceAll(new RegExp(`(?<![\\w.])${name}(?=[.[])`, 'gu'), group ?? ''),
    text,
  );
}

it('has no word that nobody says', () => {
  const code = [...all, ...every.filter(({ path }) => /i18n.(?:time|provider)\./u.test(path))]
    .map(({ text }) => spelledOut(text))
    .join('\n')
    .replaceAll(/\s*\n\s*\./gu, '.');
  expect(
    leaves(ko)
      .map(([path]) => path)
      .filter((path) => !isUsed(path, code)),
  ).toEqual([]);
});

it('is the only place with words in it', () => {
  // The demo's story, and the command words that are typed and never shown.
  const told = /^(?:bridge[/\\]demo|text[/\\](?:rolls|invention)\.)/u;
  const strangers = all
    .filter(({ path }) => !told.test(path))
    .filter(({ text }) => HANGUL_OR_KANA.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/gu, '')));
  expect(strangers.map(({ path }) => path)).toEqual([]);
});

interface Node {
  type: string;
  name?: string;
  data?: string;
  value?: unknown;
  [key: string]: unknown;
}

const SPOKEN = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label']);
/** Names of keys and signs, the same in every language. */
const SIGNS = /^(?:Esc|Ctrl S|\$|[\s\p{P}\p{S}\d]*)$/u;

function literals(node: unknown, found: string[] = []): string[] {
  if (Array.isArray(node)) for (const each of node) literals(each, found);
  else if (typeof node === 'object' && node !== null) {
    const { type, name = '', data = '', value } = node as Node;
    if (type === 'Text' && !SIGNS.test(data.trim())) found.push(data.trim());
    if (type !== 'Attribute') for (const each of Object.values(node)) literals(each, found);
    else if (SPOKEN.has(name)) literals(value, found);
  }
  return found;
}

it.each(sources('.svelte'))('$path holds no literal words', ({ text }) => {
  const { fragment } = parse(text, { modern: true });
  expect(literals(fragment)).toEqual([]);
});
