import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import App from '../../src/App.svelte';
import { connectDemo, type DemoOptions } from '../../src/bridge/demo';
import type { Bridge } from '../../src/bridge/bridge';

let bridge: Bridge;
const calls: string[] = [];

async function open(options: DemoOptions = {}): Promise<void> {
  calls.length = 0;
  const demo = connectDemo({ paceMs: 0, ...options });
  bridge = {
    ...demo,
    call: (method, params) => {
      calls.push(method);
      return demo.call(method, params);
    },
  };
  render(App, { bridge });
  await screen.findByTestId('app-ready');
}

const field = (): HTMLTextAreaElement => screen.getByTestId('composer-input');
const sends = (): number => calls.filter((method) => method === 'turn.send').length;

async function type(text: string): Promise<void> {
  await fireEvent.input(field(), { target: { value: text } });
}

beforeEach(() => {
  document.documentElement.removeAttribute('data-theme');
});

describe('the table', () => {
  it('plays a turn: my line, a bubble per speaker, choices, and the book beside it', async () => {
    await open();
    await type('그럼 열어 볼게요.');
    await fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', keyCode: 13 });
    await screen.findAllByTestId('choice', {}, { timeout: 20_000 });
    const names = screen
      .getAllByTestId('message')
      .slice(3)
      .map((row) => within(row).getByTestId('speaker-name').textContent);
    expect(names).toEqual(['서유온', '한마루', '윤슬', '등대의 목소리', '진행자']);
    expect(screen.getByTestId('book').textContent).toContain('“쉿. 방금 안개가 주소를 말했어.');
    expect(screen.getAllByText('처음 보는 이름')).toHaveLength(1);
    await waitFor(() => expect(screen.getByTestId('send-button').dataset.state).toBe('send'));
  });

  it('warms the AI up once each time the field gets the focus', async () => {
    await open();
    const asked = (): number => calls.filter((method) => method === 'room.prepare').length;
    await waitFor(() => expect(document.activeElement).toBe(field()));
    expect(asked()).toBe(1);
    await type('하나');
    await type('하나 둘');
    expect(asked()).toBe(1);
    field().blur();
    field().focus();
    expect(asked()).toBe(2);
  });

  it('puts the room into the title of the window', async () => {
    await open();
    await tick();
    expect(document.title).toBe('안개 항로 우체국 — Persona Chat');
  });

  it('shows a failed turn as a problem with its way on', async () => {
    await open({ problem: 'signed_out' });
    await type('여보세요');
    await fireEvent.click(screen.getByTestId('send-button'));
    const card = await screen.findByTestId('problem', {}, { timeout: 20_000 });
    expect(card.dataset.code).toBe('signed_out');
    expect(card.textContent).toContain('claude auth login');
    expect(within(card).getAllByTestId('problem-action').length).toBeGreaterThan(0);
  });

  it('speaks another language at once', async () => {
    await open();
    expect(screen.getByTestId('send-button').textContent).toContain('보내기');
    await fireEvent.click(screen.getByTestId('open-settings'));
    await fireEvent.click(await screen.findByTestId('settings-language'));
    const select = await screen.findByTestId('language-select');
    await fireEvent.change(select, { target: { value: 'en' } });
    expect(screen.getByTestId('send-button').textContent).toContain('Send');
    expect(document.documentElement.lang).toBe('en');
  });
});

describe('the input method', () => {
  const enter = { key: 'Enter', code: 'Enter', keyCode: 13 };

  it('never sends half a syllable', async () => {
    await open();
    await type('안녀');
    await fireEvent.compositionStart(field());
    await fireEvent.keyDown(field(), enter);
    await fireEvent.keyDown(field(), { ...enter, isComposing: true });
    await fireEvent.compositionEnd(field());
    await fireEvent.keyDown(field(), { ...enter, keyCode: 229 });
    await fireEvent.keyDown(field(), enter);
    expect(sends()).toBe(0);
    await fireEvent.keyUp(field(), enter);
    await fireEvent.keyDown(field(), enter);
    expect(sends()).toBe(1);
  });

  it('makes a new line with Shift and Enter', async () => {
    await open();
    await type('한 줄');
    await fireEvent.keyDown(field(), { ...enter, shiftKey: true });
    expect(sends()).toBe(0);
  });
});

it('keeps every link from leading away', async () => {
  await open();
  const link = document.createElement('a');
  link.href = 'http://elsewhere.invalid/';
  document.body.append(link);
  const event = new MouseEvent('click', { bubbles: true, cancelable: true });
  link.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  link.remove();
});
