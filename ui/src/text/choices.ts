/**
 * Finds the choices a narrator offers: lettered or numbered lines at the very end.
 *
 * The same rules as `desktop/dialogue/choices.py`; both are held against one list of cases.
 */

export interface Choice {
  mark: string;
  text: string;
}

export interface Narration {
  body: string;
  choices: Choice[];
}

/** A to H, 1 to 8: longer lists are lists, not ways on. */
const MOST = 8;
const MARK = '[A-Ha-hＡ-Ｈａ-ｈ1-8１-８]';
const CIRCLED = '①②③④⑤⑥⑦⑧';
const BULLET = String.raw`[ \t\u3000]*(?:[-•·*>][ \t]+)?`;
const MARKED =
  String.raw`(?:(?<circled>[①-⑧])[).]?` +
  String.raw`|[(（\[［](?<closed>${MARK})[)）\]］][.:：]?` +
  // 1.5 and 1:30 are none
  String.raw`|(?<open>${MARK})[ \t]*(?:[)）、．]|\.(?![0-9.])|[:：](?![0-9]{2}(?![0-9]))))`;
const SAID = String.raw`[ \t\u3000]*(?<text>\S.*)$`;
const PLAIN_LINE = new RegExp(`^${BULLET}${MARKED}${SAID}`, 'u');
const BOLD_LINE = new RegExp(String.raw`^${BULLET}(?<bold>\*{1,2})${MARKED}\*{0,2}${SAID}`, 'u');

/** Two to eight choices in one run at the very end, beginning with A or 1, in order. */
export function splitChoices(text: string): Narration {
  const lines = text.split('\n');
  const choices: Choice[] = [];
  for (let at = lines.length - 1; at >= 0 && choices.length <= MOST; at -= 1) {
    const line = lines[at] ?? '';
    if (!line.trim()) continue;
    const choice = choiceOf(line);
    const next = choices[0];
    if (!choice || (next && !isBefore(choice, next))) break;
    choices.unshift(choice);
    if (choice.mark !== 'A' && choice.mark !== '1') continue;
    if (choices.length < 2) break;
    return { body: lines.slice(0, at).join('\n').trimEnd(), choices };
  }
  return { body: text, choices: [] };
}

function choiceOf(line: string): Choice | null {
  const groups = (BOLD_LINE.exec(line) ?? PLAIN_LINE.exec(line))?.groups;
  if (!groups) return null;
  let text = (groups.text ?? '').trimEnd().replaceAll('**', '').trim();
  if (groups.bold === '*') text = text.replace(/\*$/u, '').trimEnd();
  if (!text) return null;
  if (groups.circled) return { mark: String(CIRCLED.indexOf(groups.circled) + 1), text };
  const mark = groups.closed ?? groups.open ?? '';
  return { mark: mark.normalize('NFKC').toUpperCase(), text };
}

const isBefore = (choice: Choice, next: Choice): boolean =>
  choice.mark.charCodeAt(0) === next.mark.charCodeAt(0) - 1;
