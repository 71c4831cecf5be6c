/** The English words for character cards. */
import type { Catalogue } from './catalogue';

export const cards: Catalogue['cards'] = {
  choose: 'Bring in from a card',
  chooseHint: 'Brings somebody in from a character card (PNG, JSON, CHARX) or a Cocofolia piece',
  export: 'Export',
  copy: 'Copy as Cocofolia piece',
  png: 'Picture card (PNG)',
  charx: 'Bundled card (CHARX)',
  json: 'Card (JSON, V3)',
  json2: 'Card (JSON, V2)',
  pasteHint: 'Paste a Cocofolia piece or a card’s JSON into this window to fill it in.',
  secretHint: 'Secrets go along.',
  taken: (name) => `${name} has taken a seat`,
  withBook: (book) => `The lorebook “${book}” came along.`,
  withoutInstructions: 'Instructions to the AI written in the card are not used.',
  withoutLinks: 'Pictures on the internet were not fetched.',
  saved: (file) => `Saved as “${file}”`,
};
