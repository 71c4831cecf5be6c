import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Ink } from '../../src/text/ink';
import { BookPaper, BubblePaper } from '../../src/text/papers';

let frames: FrameRequestCallback[] = [];
const nextFrame = (): void => frames.splice(0).forEach((run) => run(0));

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: FrameRequestCallback) => frames.push(run));
});

const bubble = (): { box: HTMLElement; ink: Ink } => {
  const box = document.createElement('div');
  return { box, ink: new Ink(new BubblePaper(box), { quotes: false }) };
};

describe('ink', () => {
  it('writes everything that came since the last frame at once', () => {
    const { box, ink } = bubble();
    for (const piece of ['안', '녕', '하', '세요']) ink.push(piece);
    expect(box.textContent).toBe('');
    expect(frames).toHaveLength(1);
    nextFrame();
    expect(box.textContent).toBe('안녕하세요');
  });

  it('never draws again what stands on the page', () => {
    const { box, ink } = bubble();
    ink.push('첫 줄');
    nextFrame();
    const line = box.firstChild;
    const node = line?.firstChild;
    ink.push(' 이어짐');
    nextFrame();
    ink.finish('첫 줄 이어짐');
    expect(box.firstChild).toBe(line);
    expect(line?.firstChild).toBe(node);
    expect(node?.textContent).toBe('첫 줄 이어짐');
  });

  it('shows the stored text when it differs from what was streamed', () => {
    const { box, ink } = bubble();
    ink.push('쓰다 만');
    nextFrame();
    ink.finish('고쳐 쓴 글');
    expect(box.textContent).toBe('고쳐 쓴 글');
  });

  it('writes what still waits for a frame before it is finished', () => {
    const { box, ink } = bubble();
    ink.push('남은 글');
    ink.finish('남은 글');
    expect(box.textContent).toBe('남은 글');
    nextFrame();
    expect(box.textContent).toBe('남은 글');
  });

  it('never shows an unfinished star', () => {
    const { box, ink } = bubble();
    ink.push('그래 *');
    nextFrame();
    expect(box.textContent).toBe('그래 ');
    ink.push('끄덕*');
    nextFrame();
    expect(box.textContent).toBe('그래 끄덕');
    expect(box.querySelector('.act')?.textContent).toBe('끄덕');
  });

  it('keeps hostile text as text', () => {
    const { box, ink } = bubble();
    const evil = '<img src=x onerror=alert(1)> <script>x</script> *<b>굵게</b>* javascript:1';
    ink.push(evil);
    ink.finish(evil);
    expect(box.querySelector('img, script, b, a')).toBeNull();
    expect(box.textContent).toBe(evil.replaceAll('*', ''));
  });
});

describe('the book', () => {
  const told = (text: string, name = '한마루'): HTMLElement => {
    const box = document.createElement('div');
    const ink = new Ink(new BookPaper(box, { name }), { quotes: false });
    for (const char of text) ink.push(char);
    ink.finish(text);
    return box;
  };
  const lines = (box: HTMLElement): (string | null)[] =>
    [...box.querySelectorAll('p')].map((line) => line.textContent);

  it('quotes speech with its name and tells an action in a line of its own', () => {
    expect(lines(told('어르신, *웃는다.* 그럼요.'))).toEqual([
      '한마루“어르신,”',
      '웃는다.',
      '“그럼요.”',
    ]);
  });

  it('does not quote what is quoted already', () => {
    expect(lines(told('“쉿.”'))).toEqual(['한마루“쉿.”']);
  });

  it('tells narration as it is', () => {
    expect(lines(told('비가 왔다.\n그쳤다.', ''))).toEqual(['비가 왔다.', '그쳤다.']);
  });
});
