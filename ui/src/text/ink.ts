/** Writes growing text into a box: text nodes only, one write a frame, never drawn again. */
import { dropFrame, onFrame } from './frame';
import { MarkupStream, merge, parseMarkup, type MarkupOptions, type Piece } from './markup';

/** Where pieces go: a bubble and a book page lay the same pieces out differently. */
export interface Paper {
  add(piece: Piece): void;
  /** Called once after the last piece. */
  close(): void;
  clear(): void;
}

export class Ink {
  #stream: MarkupStream;
  #waiting = '';
  #streamed = '';
  #pieces: Piece[] = [];

  constructor(
    private readonly paper: Paper,
    private readonly options: MarkupOptions,
  ) {
    this.#stream = new MarkupStream(options);
  }

  readonly #write = (): void => {
    if (!this.#waiting) return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#streamed += text;
    this.#put(this.#stream.push(text));
  };

  push(text: string): void {
    this.#waiting += text;
    onFrame(this.#write);
  }

  /** Text that was complete goes on growing: what stands there is written once more. */
  restart(text: string): void {
    this.stop();
    this.paper.clear();
    this.#stream = new MarkupStream(this.options);
    this.#waiting = text;
    this.#streamed = '';
    this.#pieces = [];
    this.#write();
  }

  /** Writes at once what is still waiting for a frame. */
  flush(): void {
    dropFrame(this.#write);
    this.#write();
  }

  /** The text as it is stored: what is already on the page stays if it says the same. */
  finish(text: string): void {
    this.flush();
    const wanted = parseMarkup(text, this.options);
    if (this.#streamed === text) this.#put(this.#stream.end());
    if (!same(merge(this.#pieces), wanted)) {
      this.paper.clear();
      this.#pieces = [];
      this.#put(wanted);
    }
    this.#streamed = text;
    this.paper.close();
  }

  stop(): void {
    dropFrame(this.#write);
  }

  #put(pieces: Piece[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.paper.add(piece);
    }
  }
}

function same(a: Piece[], b: Piece[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
