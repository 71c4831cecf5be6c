/** The English words of the first page. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('en');
const COUNTED = ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

export const welcome: Catalogue['welcome'] = {
  open: 'Begin at a scene',
  title: ['The story table', 'is laid for you.'],
  lede: 'Seat several characters, say a line, and a story grows. Everything stays on this computer.',
  players: 'The AI that plays them',
  otherWays: 'Connect by key or server',
  practice: 'Not an AI: prewritten lines to try the table with. No install, no sign-in.',
  state: {
    ready: 'Ready to play.',
    installed: 'Installed. Whether it is signed in shows once it is spoken to.',
    signed_out: 'Installed. Sign in from the terminal and it turns ready by itself.',
    not_installed: 'Paste this command into a terminal. It is noticed as soon as it is done.',
    unsafe: 'Its tools cannot be switched off, so it is not used. Please install a newer version.',
    checking: 'Looking for it.',
    unknown: 'Not looked for yet.',
  },
  safe: 'Only the AI you choose is spoken to. No account is made for this.',
  scenes: 'Opening scene',
  changeable: 'All of it can be changed later',
  cast: (count: number) =>
    `${COUNTED[count] ?? number.format(count)} ${count === 1 ? 'person' : 'people'}`,
  narrator: { ai: 'AI narrates', me: 'I narrate', none: 'No narrator' },
  empty: 'Begin at an empty table',
  backup: 'Bring in a backup',
  later: 'Later',
  begin: (title: string) => (title ? `Open “${title}”` : 'Open'),
};
