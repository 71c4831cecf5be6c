/** Names as the table shows them: seal letters, addresses, counts. */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first letter of a name that can be carved; empty when there is none. */
export function sealLetter(name: string): string {
  for (const { segment } of segmenter.segment(name))
    if (/[\p{L}\p{N}]/u.test(segment)) return segment.toUpperCase();
  return '';
}

/** How a line is addressed to one person. */
export const addressPrefix = (name: string): string => `@${name} `;

export const isAddressed = (text: string, name: string): boolean =>
  text.startsWith(addressPrefix(name));

/** The line with this person addressed, or no longer, if they were. */
export function toggleAddress(text: string, name: string, everyone: string[]): string {
  const bare = clearAddress(text, everyone);
  return isAddressed(text, name) ? bare : addressPrefix(name) + bare;
}

export function clearAddress(text: string, everyone: string[]): string {
  const addressed = everyone.find((each) => isAddressed(text, each));
  return addressed === undefined ? text : text.slice(addressPrefix(addressed).length);
}

/** Characters as a person counts them, without white space at line ends. */
export function countCharacters(text: string): number {
  return [...text.replaceAll('*', '').replaceAll(/\s*\n\s*/gu, '')].length;
}

export function countWords(text: string): number {
  return text.split(/\s+/u).filter(Boolean).length;
}

/** The first sentence, without its stop: what a closed section shows of a long text. */
export function opening(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.split(/[.。!?！？](?:\s|$)/u, 1)[0]?.trim() ?? '';
}
