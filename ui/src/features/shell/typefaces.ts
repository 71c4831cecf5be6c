/** Brings the typefaces of a language when it is first shown. */
import japanese from '../../styles/japanese.css?url';

/**
 * A link of our own and no dynamic import: that would ask with `crossorigin`, which a page
 * opened as a file is refused.
 */
export function bringTypefaces(language: string): void {
  if (language !== 'ja' || document.getElementById('japanese')) return;
  const link = document.createElement('link');
  link.id = 'japanese';
  link.rel = 'stylesheet';
  link.href = japanese;
  document.head.append(link);
}
