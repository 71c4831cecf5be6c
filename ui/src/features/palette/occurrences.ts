/** Which messages hold some words; the place where a search over the whole store will be asked. */

interface Said {
  id: string;
  text: string;
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll('*', '');

/** Ids of the messages that hold the words, the newest first. Case and `*` do not count. */
export function occurrences(said: readonly Said[], typed: string): string[] {
  const wanted = plain(typed.trim());
  if (!wanted) return [];
  return said
    .filter(({ text }) => plain(text).includes(wanted))
    .map(({ id }) => id)
    .reverse();
}
