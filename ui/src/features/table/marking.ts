/** Marks the sentence that is read, by the engine's own highlights: nothing in the page moves. */

const NAME = 'aloud';

interface Marked {
  messageId: string;
  start: number;
  end: number;
}

/** Returns what takes the mark away. Without a row on the page there is nothing to mark. */
export function markSentence({ messageId, start, end }: Marked): () => void {
  const row = document.querySelector<HTMLElement>(
    `.log [data-message-id="${CSS.escape(messageId)}"]`,
  );
  const ink = row?.querySelector('[data-testid=message-text] .ink');
  if (!row || !ink) return () => undefined;
  row.classList.add('aloud');
  const range = rangeOf(ink, start, end);
  if (range && CSS.highlights) CSS.highlights.set(NAME, new Highlight(range));
  return () => {
    row.classList.remove('aloud');
    CSS.highlights?.delete(NAME);
  };
}

/** The range of these characters of the text in `box`, all text nodes end to end. */
export function rangeOf(box: Element, start: number, end: number): Range | null {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0;
  let begun = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = node as Text;
    if (!begun && start < at + length) {
      range.setStart(node, Math.max(0, start - at));
      begun = true;
    }
    if (begun && end <= at + length) {
      range.setEnd(node, end - at);
      return range;
    }
    at += length;
  }
  return null;
}
