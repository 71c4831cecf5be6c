/** Finds dice in text: a line that asks for them, and a roll somebody made up. */
import { INVENTED } from './invention.gen';

/** A whole line that is a roll. These words are typed, not shown, so all hold in every language. */
const COMMAND = /^\/(?:roll|r|굴림|주사위|ダイス)(?:\s|$)/i;

export const isRoll = (text: string): boolean => COMMAND.test(text);

/** What may be dice in double brackets; whether they can be thrown the program says. */
const ASKED = /\[\[([^[\]\n]{1,200})\]\]/gu;
const DICE = /\d*[dD][0-9%F]|\b(?:CCB?|CBR|RES|RESB|SC|SAN)\b|choice/iu;

export interface Asked {
  /** With its brackets, as the program is told it. */
  whole: string;
  inside: string;
}

/** The rolls a text tells the results of, which nobody threw. */
export const inventedRolls = (text: string): string[] =>
  [...text.matchAll(INVENTED)].map(([found]) => found);

/** The rolls a text asks for in double brackets; one it gives a result to itself is none. */
export function askedRolls(text: string): Asked[] {
  const invented = inventedRolls(text);
  return [...text.matchAll(ASKED)]
    .map(([whole, inside = '']) => ({ whole, inside: inside.trim() }))
    .filter(
      ({ whole, inside }) => DICE.test(inside) && !invented.some((one) => one.startsWith(whole)),
    );
}
