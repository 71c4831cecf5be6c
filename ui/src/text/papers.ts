/** The two layouts of written text: a bubble's paragraphs and the pages of the book. */
import type { Paper } from './ink';
import type { Piece, Style } from './markup';

const CLASS: Record<Style, string> = { plain: '', act: 'act', quote: 'quote' };

/** Puts text at the end of `parent`; neighbours of one style share one text node. */
class Runs {
  #node: Text | undefined;
  #style: Style | undefined;
  #parent: Element | undefined;

  append(parent: Element, style: Style, text: string): void {
    if (this.#node && this.#parent === parent && this.#style === style) {
      this.#node.appendData(text);
      return;
    }
    this.#node = document.createTextNode(text);
    this.#style = style;
    this.#parent = parent;
    if (!CLASS[style]) return void parent.append(this.#node);
    const span = document.createElement('span');
    span.className = CLASS[style];
    span.append(this.#node);
    parent.append(span);
  }
}

export class BubblePaper implements Paper {
  #runs = new Runs();
  #line: HTMLParagraphElement | undefined;

  constructor(private readonly box: HTMLElement) {}

  add(piece: Piece): void {
    if (piece.kind === 'break') {
      this.#line = undefined;
      return;
    }
    if (!this.#line && !piece.text.trim()) return;
    if (!this.#line) {
      this.#line = document.createElement('p');
      this.box.append(this.#line);
    }
    this.#runs.append(this.#line, piece.style, piece.text);
  }

  close(): void {
    this.#line = undefined;
  }

  clear(): void {
    this.box.replaceChildren();
    this.#line = undefined;
    this.#runs = new Runs();
  }
}

export interface BookVoice {
  /** Empty for narration: the words are then set as they are. */
  name: string;
}

const OPENS = /^[“"「『‘]/u;

/** Speech becomes a quoted paragraph with its name, an action a paragraph of narration. */
export class BookPaper implements Paper {
  #runs = new Runs();
  #line: HTMLParagraphElement | undefined;
  #style: Style | undefined;
  #quoted = false;
  #named = false;

  constructor(
    private readonly box: HTMLElement,
    private readonly voice: BookVoice,
  ) {}

  add(piece: Piece): void {
    if (piece.kind === 'break') return this.#end();
    const spoken = this.voice.name !== '' && piece.style !== 'act';
    const turned = this.voice.name !== '' && (this.#style === 'act') !== (piece.style === 'act');
    if (this.#line && turned) {
      if (!piece.text.trim()) return;
      this.#end();
    }
    let text = piece.text;
    if (!this.#line) {
      text = text.trimStart();
      if (!text) return;
      this.#start(spoken, text);
    }
    this.#style = piece.style;
    if (this.#line) this.#runs.append(this.#line, piece.style, text);
  }

  close(): void {
    this.#end();
  }

  clear(): void {
    this.box.replaceChildren();
    this.#line = undefined;
    this.#style = undefined;
    this.#named = false;
    this.#quoted = false;
    this.#runs = new Runs();
  }

  #start(spoken: boolean, text: string): void {
    this.#line = document.createElement('p');
    this.box.append(this.#line);
    if (!spoken) return;
    this.#line.className = 'q';
    if (!this.#named) this.#line.append(this.#name());
    this.#named = true;
    this.#quoted = !OPENS.test(text);
    if (this.#quoted) this.#runs.append(this.#line, 'plain', '“');
  }

  #name(): HTMLElement {
    const name = document.createElement('span');
    name.className = 'nm';
    name.textContent = this.voice.name;
    return name;
  }

  #end(): void {
    if (this.#line && this.#quoted) {
      const last = this.#line.lastChild;
      if (last instanceof Text) last.data = last.data.trimEnd();
      this.#line.append('”');
    }
    this.#line = undefined;
    this.#style = undefined;
    this.#quoted = false;
    this.#runs = new Runs();
  }
}
