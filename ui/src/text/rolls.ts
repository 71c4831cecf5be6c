/** Tells a line that asks for dice: the program reads what it means. */

/** A whole line that is a roll. These words are typed, not shown, so all hold in every language. */
const COMMAND = /^\/(?:roll|r|굴림|주사위|ダイス)(?:\s|$)/i;
/** A line that holds some. */
const ROLL = /\[\[[^\]\n]+\]\]/;

export const isRoll = (text: string): boolean => COMMAND.test(text);

export const holdsRoll = (text: string): boolean => ROLL.test(text);
