/** The English words for a damaged file of stories, and the ways on. */
import type { Catalogue } from './catalogue';

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

export const rescue: Catalogue['rescue'] = {
  title: 'The file with your stories is damaged',
  lostTitle: 'The file with your stories is empty',
  lede: 'What the disk holds is no longer what was written, so it was not opened. The damaged file is neither changed nor removed.',
  looking: 'Restoring a backup as a test',
  found: 'This backup was restored as a test and is whole',
  foundHint: 'What you wrote after it is in the damaged file only.',
  none: 'There is no backup that is whole.',
  rooms: (n) => count(n, 'room', 'rooms'),
  use: 'Go on with this backup',
  others: 'Other backups',
  salvage: 'Save what can be read',
  salvageHint: 'Reads rooms and talk around the damaged pages into a new file.',
  fresh: 'Start with an empty table',
  working: 'Moving things over. Please keep the window open.',
  done: 'It is open again',
  doneRooms: (rooms, messages) =>
    `There are ${count(rooms, 'room', 'rooms')} and ${count(messages, 'message', 'messages')}.`,
  doneNone: 'No story could be read, so the table is empty.',
  kept: 'The damaged file was kept under this name.',
  goOn: 'Go on',
};
