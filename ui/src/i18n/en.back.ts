/** English for the ways back into a long story. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('en');
const n = (value: number): string => number.format(value);

export const back: Catalogue['back'] = {
  title: 'Go to a day',
  earlier: 'Month before',
  later: 'Next month',
  day: (date, count) => `${date}, ${n(count)} ${count === 1 ? 'message' : 'messages'}`,
  type: 'Type a date, then Enter',
  hint: 'A day leads to its first message. The darker the day, the more was said.',
  used: 'Used in this room',
  unused: 'No answer in this room has used this entry yet.',
  profile: (name) => (name ? `Profile and lock: ${name}` : 'Profile and lock'),
  filter: {
    who: 'Speaker',
    anyone: 'Said by anyone',
    dice: 'Dice rolls',
    since: 'From',
    until: 'Until',
    clear: 'Clear filters',
  },
};
