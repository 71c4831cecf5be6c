import { expect, it } from 'vitest';
import { renderMarkdown } from '../../src/text/markdown';

const html = (text: string): string => {
  const box = document.createElement('div');
  box.append(renderMarkdown(text));
  return box.innerHTML;
};

it('sets emphasis and paragraphs', () => {
  expect(html('*행동* **굵게**')).toContain('<em>행동</em> <strong>굵게</strong>');
});

it('makes neither links nor pictures nor scripts of hostile text', () => {
  const evil =
    '<script>1</script> [눌러](javascript:1) ![그림](http://x/y.png) <http://x> <img src=x onerror=1>';
  const box = document.createElement('div');
  box.append(renderMarkdown(evil));
  expect(box.querySelector('script, a, img, iframe, [onerror]')).toBeNull();
  expect(box.textContent).toContain('javascript:1');
});
