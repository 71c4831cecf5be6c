/** The table's inline markup as a stream: `*action*`, quotes in narration, paragraphs. Nothing else. */

export type Style = 'plain' | 'act' | 'quote';
export type Piece = { kind: 'text'; style: Style; text: string } | { kind: 'break' };

export interface MarkupOptions {
  /** Marks what stands in quotation marks: in narration it is what somebody says. */
  quotes: boolean;
}

const OPENERS: Record<string, string> = { '“': '”', '"': '"', '「': '」', '『': '』' };

/**
 * Takes text in any slicing and gives pieces; the pieces of all slicings say the same.
 *
 * A star is held back until the next character says what it is, so that markup never flashes.
 * An action that is never closed runs to the end of its paragraph while it streams.
 */
export class MarkupStream {
  #style: Style = 'plain';
  #closer = '';
  #held = '';
  #previous = '';
  #buffer = '';
  #out: Piece[] = [];

  constructor(private readonly options: MarkupOptions) {}

  push(text: string): Piece[] {
    for (const char of text) this.#take(char);
    this.#flush();
    return this.#out.splice(0);
  }

  /** What was held back comes out as it is. */
  end(): Piece[] {
    if (this.#held === '*' && this.#style !== 'act') this.#write('*');
    this.#held = '';
    this.#flush();
    return this.#out.splice(0);
  }

  #take(char: string): void {
    if (this.#held === '*') {
      this.#held = '';
      if (char === '*') return this.#write('');
      this.#star(char);
    }
    if (char === '*') this.#held = '*';
    else if (char === '\n') this.#newline();
    else if (char !== '\r') this.#letter(char);
  }

  #star(next: string): void {
    const closes = this.#style === 'act';
    const opens = !closes && /\S/u.test(next) && !/[\p{N}A-Za-z]/u.test(this.#previous);
    if (!closes && !opens) return this.#write('*');
    this.#flush();
    this.#style = closes ? 'plain' : 'act';
    this.#previous = '*';
  }

  #newline(): void {
    this.#flush();
    this.#style = 'plain';
    this.#closer = '';
    this.#previous = '';
    this.#out.push({ kind: 'break' });
  }

  #letter(char: string): void {
    if (this.options.quotes && this.#style === 'plain' && OPENERS[char]) {
      this.#flush();
      this.#style = 'quote';
      this.#closer = OPENERS[char];
      return this.#write(char);
    }
    this.#write(char);
    if (this.#style === 'quote' && char === this.#closer) {
      this.#flush();
      this.#style = 'plain';
    }
  }

  #write(text: string): void {
    this.#buffer += text;
    this.#previous = text.slice(-1) || this.#previous;
  }

  #flush(): void {
    if (!this.#buffer) return;
    this.#out.push({ kind: 'text', style: this.#style, text: this.#buffer });
    this.#buffer = '';
  }
}

/** Pieces of a finished text: an action that is never closed is no action, its star stays. */
export function parseMarkup(text: string, options: MarkupOptions): Piece[] {
  const whole = text
    .split('\n')
    .map((line) => closeStars(line))
    .join('\n');
  const stream = new MarkupStream(options);
  return merge([...stream.push(whole), ...stream.end()].map(restoreStar));
}

const LONE = '\uE000';

/** In a line with an odd star the last one is a mere star. */
function closeStars(line: string): string {
  const stars = [...line.matchAll(/(?<!\*)\*(?!\*)/gu)].map((match) => match.index);
  const last = stars.at(-1);
  if (stars.length % 2 === 0 || last === undefined) return line;
  return line.slice(0, last) + LONE + line.slice(last + 1);
}

const restoreStar = (piece: Piece): Piece =>
  piece.kind === 'text' ? { ...piece, text: piece.text.replaceAll(LONE, '*') } : piece;

/** Neighbours of one style become one piece. */
export function merge(pieces: Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text' && last.style === piece.style)
      out[out.length - 1] = { ...last, text: last.text + piece.text };
    else out.push(piece);
  }
  return out;
}
