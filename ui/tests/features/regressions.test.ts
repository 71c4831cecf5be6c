/** What went wrong on the page of the original, told as what is right. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import App from '../../src/App.svelte';
import type { Bridge } from '../../src/bridge/bridge';
import { connectDemo } from '../../src/bridge/demo';
import type { Message, Methods, MethodName, Stage } from '../../src/bridge/protocol.gen';
import { clock } from '../../src/i18n/time.svelte';

let bridge: Bridge;
const calls: [method: string, params: unknown][] = [];

async function open(): Promise<void> {
  calls.length = 0;
  const demo = connectDemo({ paceMs: 0 });
  bridge = {
    ...demo,
    call: <M extends MethodName>(method: M, params: Methods[M]['params']) => {
      calls.push([method, params]);
      return demo.call(method, params);
    },
  };
  render(App, { bridge });
  await screen.findByTestId('app-ready');
}

const stages = (): Stage[] =>
  calls
    .filter(([method]) => method === 'room.stage')
    .map(([, params]) => (params as { stage: Stage }).stage);

it('switches the kept session off again, and the badge says so', async () => {
  await open();
  const badge = screen.getByTestId('session-badge');
  if (badge.getAttribute('aria-disabled') === 'true') {
    await fireEvent.change(screen.getByTestId('provider-select'), { target: { value: 'claude' } });
    await waitFor(() => expect(badge.getAttribute('aria-disabled')).toBe('false'));
  }
  if (badge.getAttribute('aria-pressed') === 'false') await fireEvent.click(badge);
  await waitFor(() => expect(badge.textContent).toContain('ON'));
  await fireEvent.click(badge);
  await waitFor(() => expect(badge.textContent).toContain('OFF'));
  await waitFor(() => expect(stages().at(-1)?.retention).toBe(false), { timeout: 3000 });
});

it('asks no AI for the model of another one', async () => {
  await open();
  const provider = screen.getByTestId('provider-select');
  await fireEvent.change(provider, { target: { value: 'claude' } });
  await fireEvent.change(await screen.findByTestId('model-input'), { target: { value: 'haiku' } });
  await waitFor(() => expect(stages().at(-1)?.model).toBe('haiku'), { timeout: 3000 });
  await fireEvent.change(provider, { target: { value: 'gemini' } });
  await waitFor(() => expect(stages().at(-1)?.provider).toBe('gemini'), { timeout: 3000 });
  expect(stages().at(-1)?.model).toBe('');
});

it('sends with Enter on a computer that can be touched too', async () => {
  Object.defineProperty(navigator, 'maxTouchPoints', { value: 10, configurable: true });
  await open();
  const field = screen.getByTestId('composer-input');
  await fireEvent.input(field, { target: { value: '손가락으로' } });
  await fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 13 });
  await waitFor(() => expect(calls.some(([method]) => method === 'turn.send')).toBe(true));
});

it('tells when something was said, not when it was drawn', async () => {
  await open();
  const opened = await bridge.call('app.open', {});
  const told = opened.room?.messages ?? [];
  const time = (message: Message): string | undefined =>
    screen
      .getAllByTestId('message')
      .filter((row) => row.dataset.messageId === message.id)
      .map((row) => row.querySelector('time')?.textContent)[0];
  const shown = told.filter((message) => time(message) !== undefined);
  expect(shown.length).toBeGreaterThan(0);
  for (const message of shown) expect(time(message)).toBe(clock(message.created_at));
});

it('shows nothing of a room that was thrown away while it stood open', async () => {
  await open();
  const said = screen.getAllByTestId('message').map((row) => row.dataset.messageId);
  expect(said.length).toBeGreaterThan(0);
  await fireEvent.click(screen.getByTestId('room-switcher'));
  await fireEvent.click((await screen.findAllByTestId('trash-room'))[0] as HTMLElement);
  await waitFor(() => {
    const left = screen.queryAllByTestId('message').map((row) => row.dataset.messageId);
    expect(left.filter((id) => said.includes(id))).toEqual([]);
  });
});
