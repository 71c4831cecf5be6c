/** Finds the choices a narrator offers: lettered or numbered lines at the very end. */

export interface Choice {
  mark: string;
  text: string;
}

export interface Narration {
  body: string;
  choices: Choice[];
}

const LINE = /^\s*(?:[-•]\s*)?(?:\*\*)?([A-Ha-h]|[1-9])\s*[).:．）]\s*(?:\*\*)?\s*(\S.*)$/u;

/** Two choices or more, in one unbroken run that starts with A or 1; else there are none. */
export function splitChoices(text: string): Narration {
  const lines = text.trimEnd().split('\n');
  const choices: Choice[] = [];
  let end = lines.length;
  while (end > 0) {
    const line = lines[end - 1] ?? '';
    const match = LINE.exec(line);
    if (match) choices.unshift({ mark: (match[1] ?? '').toUpperCase(), text: plain(match[2]) });
    else if (line.trim()) break;
    end -= 1;
  }
  if (choices.length < 2 || !inOrder(choices)) return { body: text, choices: [] };
  return { body: lines.slice(0, end).join('\n').trimEnd(), choices };
}

const plain = (text = ''): string => text.replaceAll('**', '').trim();

function inOrder(choices: Choice[]): boolean {
  const first = choices[0]?.mark === '1' ? '1' : 'A';
  return choices.every((choice, at) => choice.mark.charCodeAt(0) === first.charCodeAt(0) + at);
}
