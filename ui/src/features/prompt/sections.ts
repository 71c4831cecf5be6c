/** How the sections of a prompt are coloured and why they are there, in words. */
import { t } from '../../i18n/index.svelte';
import type { Dye, PromptSection, SegmentKind, TurnPrompt } from '../../bridge/protocol.gen';

const DYES: Record<SegmentKind, Dye> = {
  frame: 'bidulgi',
  format: 'bidulgi',
  expression: 'mulsae',
  narrator: 'doraji',
  drive: 'doraji',
  choices: 'doraji',
  dice: 'pat',
  output: 'mulsae',
  pace: 'mulsae',
  house_rules: 'gam',
  world: 'iki',
  situation: 'iki',
  me: 'seokryu',
  characters: 'jadu',
  others: 'jadu',
  secrets: 'pat',
  example: 'bidulgi',
  lore: 'chija',
  summary: 'sol',
  history: 'jjok',
  line: 'seokryu',
  direction: 'gam',
};

export const dyeOf = (kind: SegmentKind): Dye => DYES[kind];

/** The words of a code, or of the longest beginning of it that has any. */
export function reasonOf(code: string): string {
  const parts = code.split('.');
  for (let length = parts.length; length > 0; length--) {
    const found = t().prompt.reasons[parts.slice(0, length).join('.')];
    if (found) return found;
  }
  return code;
}

/** What was sent in one place, as it was sent. */
export const joined = (sections: readonly PromptSection[], place: string): string =>
  sections
    .filter((each) => each.place === place)
    .map(({ text }) => text)
    .join('\n\n');

/** Both places as one text to be copied. */
export const wholeOf = ({ sections }: TurnPrompt): string =>
  [joined(sections, 'system'), joined(sections, 'user')].filter(Boolean).join('\n\n');
