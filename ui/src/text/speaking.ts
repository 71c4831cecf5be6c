/** What of a message is read aloud, cut into sentences that know where they stand on the page. */
import { splitChoices } from './choices';
import { parseMarkup, type Piece, type Style } from './markup';

export interface Sentence {
  text: string;
  /** Where it stands in the text as a bubble shows it, line breaks not counted. */
  start: number;
  end: number;
}

export interface Reading {
  language: string;
  /** Narration: speech stands in quotation marks, and choices are no part of it. */
  narration: boolean;
  /** Of narration only what somebody says. */
  quotesOnly: boolean;
  skipActions: boolean;
}

interface Run {
  style: Style;
  text: string;
  start: number;
}

/** Longer than this a sentence is cut where it breathes: engines fall silent in very long ones. */
const LONGEST = 600;
const SPEAKABLE = /[\p{L}\p{N}]/u;
const ENDS = /[^.!?。！？…]*(?:[.!?。！？…]+[”"’'」』)）\]]*\s*|$)/gu;

/** The sentences to read, in order; the speaker's name is none of them. */
export function sentencesOf(text: string, reading: Reading): Sentence[] {
  const body = reading.narration ? splitChoices(text).body : text;
  return paragraphs(parseMarkup(body, { quotes: reading.narration }))
    .flatMap((runs) => stretches(runs.filter((run) => isRead(run, reading))))
    .flatMap((stretch) => cut(stretch, reading.language))
    .filter((each) => SPEAKABLE.test(each.text));
}

function isRead({ style }: Run, { narration, quotesOnly, skipActions }: Reading): boolean {
  if (style === 'act') return !skipActions;
  return !(narration && quotesOnly) || style === 'quote';
}

/** As `BubblePaper` lays them out: white space that begins a line is not there. */
function paragraphs(pieces: Piece[]): Run[][] {
  const out: Run[][] = [];
  let line: Run[] | undefined;
  let at = 0;
  for (const piece of pieces) {
    if (piece.kind === 'break') {
      line = undefined;
      continue;
    }
    if (!line && !piece.text.trim()) continue;
    if (!line) out.push((line = []));
    line.push({ style: piece.style, text: piece.text, start: at });
    at += piece.text.length;
  }
  return out;
}

/** Neighbours are read in one breath; where something is left out, a sentence ends. */
function stretches(runs: Run[]): { text: string; start: number }[] {
  const out: { text: string; start: number }[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last && last.start + last.text.length === run.start) last.text += run.text;
    else out.push({ text: run.text, start: run.start });
  }
  return out;
}

function cut({ text, start }: { text: string; start: number }, language: string): Sentence[] {
  return segments(text, language)
    .flatMap(breaths)
    .map(({ text: found, at }) => {
      const trimmed = found.trim();
      const from = start + at + found.indexOf(trimmed);
      return { text: trimmed, start: from, end: from + trimmed.length };
    })
    .filter((each) => each.text !== '');
}

interface Part {
  text: string;
  at: number;
}

function segments(text: string, language: string): Part[] {
  if (typeof Intl.Segmenter === 'function')
    return [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)].map(
      ({ segment, index }) => ({ text: segment, at: index }),
    );
  return [...text.matchAll(ENDS)].map((match) => ({ text: match[0], at: match.index }));
}

function breaths(part: Part): Part[] {
  const out: Part[] = [];
  let { text, at } = part;
  while (text.length > LONGEST) {
    const head = text.slice(0, LONGEST);
    const found = Math.max(...[',', '、', '，', ';', ' '].map((sign) => head.lastIndexOf(sign)));
    const size = found > 0 ? found + 1 : wholeCharacters(head);
    out.push({ text: text.slice(0, size), at });
    at += size;
    text = text.slice(size);
  }
  return [...out, { text, at }];
}

/** Never between the halves of one character. */
function wholeCharacters(head: string): number {
  const last = head.charCodeAt(head.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? head.length - 1 : head.length;
}
