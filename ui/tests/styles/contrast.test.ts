import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const STYLES = join(import.meta.dirname, '../../src/styles');
const css = (name: string): string => readFileSync(join(STYLES, name), 'utf8');

function declared(text: string, selector: string): Record<string, string> {
  const start = text.indexOf(selector);
  const body = text.slice(text.indexOf('{', start) + 1, text.indexOf('\n}', start));
  return Object.fromEntries(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/gu)].map(([, key, value]) => [key, value?.trim()]),
  ) as Record<string, string>;
}

const tokens = css('tokens.css');
const light = declared(tokens, ':root');
const themes = { light, dark: { ...light, ...declared(tokens, ":root[data-theme='dark']") } };
const dyes = [
  ...css('dyes.css').matchAll(/data-dye='(\w+)'\] \{\s*--h: ([\d.]+);(?:\s*--k: ([\d.]+);)?/gu),
].map(([, name, hue, factor]) => ({
  name: name ?? '',
  hue: Number(hue),
  factor: Number(factor ?? 1),
}));

/** oklch to relative luminance, clipped to what a screen can show. */
function luminance(l: number, c: number, hue: number): number {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ] as const;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z);
  const green = clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z);
  const blue = clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function of(theme: Record<string, string>, token: string): number {
  const found = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/u.exec(theme[token] ?? '');
  if (!found) throw new Error(`${token} is no plain oklch colour: ${theme[token]}`);
  return luminance(Number(found[1]), Number(found[2]), Number(found[3]));
}

const contrast = (a: number, b: number): number =>
  (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

const PAPERS = ['--table', '--table-on', '--sheet', '--sheet-2', '--page', '--float'];
const TEXT: [ink: string, papers: string[]][] = [
  ['--ink', [...PAPERS, '--sheet-3', '--pine-wash', '--inju-wash', '--gold-wash', '--mark']],
  ['--ink-2', [...PAPERS, '--table-hi', '--sheet-3', '--pine-wash']],
  ['--ink-3', PAPERS],
  ['--ink-wet', ['--sheet', '--page']],
  ['--pine', ['--sheet', '--table-on', '--pine-wash', '--float']],
  ['--inju', ['--sheet', '--inju-wash', '--float']],
  ['--gold', ['--sheet', '--gold-wash', '--table']],
  ['--pine-on', ['--pine-fill', '--pine-hi']],
  ['--inju-on', ['--inju-fill']],
  ['--ink-inv', ['--ink']],
];
const EDGES: [edge: string, papers: string[]][] = [
  ['--rule', ['--sheet', '--page']],
  ['--focus', PAPERS],
];

it('reads twelve dyes', () => expect(dyes).toHaveLength(12));

describe.each(Object.entries(themes))('in the %s theme', (_, theme) => {
  it.each(TEXT)('%s can be read on its papers', (ink, papers) => {
    for (const paper of papers)
      expect(contrast(of(theme, ink), of(theme, paper)), `${ink} on ${paper}`).toBeGreaterThan(4.5);
  });

  it.each(EDGES)('%s can be seen on its papers', (edge, papers) => {
    for (const paper of papers)
      expect(contrast(of(theme, edge), of(theme, paper)), `${edge} on ${paper}`).toBeGreaterThan(3);
  });

  it.each(dyes)('$name can be read as a name, a seal and a bubble', ({ hue, factor }) => {
    const dye = (role: string): number =>
      luminance(Number(theme[`--dye-${role}-l`]), Number(theme[`--dye-${role}-c`]) * factor, hue);
    for (const paper of ['--sheet', '--page'])
      expect(contrast(dye('name'), of(theme, paper))).toBeGreaterThan(4.5);
    expect(contrast(dye('name'), dye('wash'))).toBeGreaterThan(4.5);
    expect(contrast(of(theme, '--dye-seal-on'), dye('seal'))).toBeGreaterThan(4.5);
    for (const ink of ['--ink', '--ink-2', '--ink-wet'])
      expect(contrast(of(theme, ink), dye('wash')), ink).toBeGreaterThan(4.5);
  });
});
