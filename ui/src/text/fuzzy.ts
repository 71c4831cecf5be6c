/** Whether somebody means a name by the few letters they typed; initial consonants count. */
import { disassemble, getChoseong } from 'es-hangul';

const plain = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll(/\s+/gu, '');

const CONSONANTS = /^[\u3131-\u314e]+$/u;

/** A run of letters counts most, letters in order with gaps little; 0 is no match. */
function inOrder(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  if (at >= 0) return at === 0 ? 4 : 3;
  let from = 0;
  for (const letter of wanted) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 1;
}

/** How well a name fits, higher is better; 0 is not at all. Nothing typed fits everything. */
export function score(name: string, typed: string): number {
  const wanted = plain(typed);
  if (!wanted) return 1;
  const text = plain(name);
  const whole = inOrder(text, wanted);
  if (whole >= 3) return whole;
  if (CONSONANTS.test(wanted)) {
    const initials = plain(getChoseong(name));
    return initials.includes(wanted) ? 2 : 0;
  }
  // Half a syllable at the end of what is typed: `안ㄱ`, or `아` on the way to `안`.
  if (disassemble(text).includes(disassemble(wanted))) return 2;
  return wanted.length > 1 ? whole : 0;
}

export const matches = (name: string, typed: string): boolean => score(name, typed) > 0;
