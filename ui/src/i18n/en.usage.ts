/** English for what the AIs of a room have used. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('en');
const n = (value: number): string => number.format(value);
const turns = (count: number): string => `${n(count)} ${count === 1 ? 'turn' : 'turns'}`;

export const usage: Catalogue['usage'] = {
  title: 'Tokens of this room',
  label: (percent, level) => `${n(percent)}% of the context, ${level}`,
  tip: (last, all) => `Last turn ${n(last)} · so far ${n(all)}`,
  short: (all) => `${n(all)} tokens`,
  none: 'No token data',
  noneHint: 'This AI does not tell how many tokens it used.',
  notYet: 'No tokens used yet.',
  low: 'Roomy',
  half: 'Over half',
  full: 'Nearly full',
  of: (used, all) => `${n(used)} of ${n(all)}`,
  noWindow: 'How much this model holds is not known.',
  input: 'Input',
  output: 'Output',
  cacheRead: 'Cache read',
  cacheWrite: 'Cache write',
  reasoning: 'Reasoning, within output',
  last: 'Last turn',
  total: 'So far',
  today: 'Today',
  everywhere: 'Today, all rooms',
  cost: 'Cost',
  partOfCost: (priced, all) => `Cost (${n(priced)} of ${turns(all)})`,
  reported: 'As reported by the AI.',
  estimated: (count, all) =>
    `${n(count)} of ${turns(all)} estimated: the AI did not report ${count === 1 ? 'it' : 'them'}.`,
  about: (count) => `about ${count}`,
  speakers: 'By character',
  ways: 'By AI',
  narrator: 'Narrator',
  nobody: 'Turns without a word, and summaries',
  sharing: 'Where several speak in one turn, it is shared by the length of their lines.',
  lede: 'What the AIs of all rooms have used, in cleared conversations and deleted lines too.',
  rooms: 'By room',
  allRooms: 'All rooms',
  defaultModel: 'default model',
  hint: '“Over half” from 50%, “Nearly full” from 80%. Clearing the conversation starts at 0 again.',
};
