import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import App from '../../src/App.svelte';
import type { Bridge } from '../../src/bridge/bridge';
import { connectDemo, type DemoOptions } from '../../src/bridge/demo';
import { DEFAULT_SETTINGS, type Opened, type Settings } from '../../src/bridge/protocol.gen';
import { turn } from '../bridge';

async function open(options: DemoOptions = {}): Promise<[method: string, params: unknown][]> {
  const calls: [method: string, params: unknown][] = [];
  const demo = connectDemo({ paceMs: 0, ...options });
  const bridge: Bridge = {
    ...demo,
    call: (method, params) => {
      calls.push([method, params]);
      return demo.call(method, params);
    },
  };
  render(App, { bridge });
  await screen.findByTestId('app-ready');
  return calls;
}

const changes = (calls: [string, unknown][]): Settings[] =>
  calls
    .filter(([method]) => method === 'settings.change')
    .map(([, params]) => (params as { settings: Settings }).settings);

it('changes between light and dark with one button, and keeps it', async () => {
  const calls = await open({ settings: { theme: 'light' } });
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('light'));
  await fireEvent.click(screen.getByTestId('theme-toggle'));
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
  await waitFor(() => expect(changes(calls).at(-1)?.theme).toBe('dark'));
});

it('shows the token meter only where it is wanted', async () => {
  await open();
  expect(screen.getAllByTestId('token-meter').length).toBeGreaterThan(0);
  document.body.replaceChildren();
  await open({ settings: { reading: { ...DEFAULT_SETTINGS.reading, tokens: false } } });
  expect(screen.queryAllByTestId('token-meter')).toEqual([]);
});

it('tells how full the context is, in colours from 50 and 80 per cent', async () => {
  const shown: (string | null | undefined)[][] = [];
  for (const input of [490, 500, 790, 800]) {
    document.body.replaceChildren();
    const demo = connectDemo({ paceMs: 0 });
    const used = turn('t1');
    used.usage = { ...used.usage, input: input * 100, context_window: 100_000, source: 'reported' };
    render(App, {
      bridge: {
        ...demo,
        call: async (method, params) => {
          const answer = await demo.call(method, params);
          if (method !== 'app.open') return answer;
          const first = answer as Opened;
          return {
            ...first,
            room: first.room && { ...first.room, last_turn: used },
          } as typeof answer;
        },
      },
    });
    const meter = await screen.findByTestId('token-meter');
    shown.push([
      meter.querySelector('.lvl')?.getAttribute('data-l'),
      meter.querySelector('.num')?.textContent,
    ]);
  }
  expect(shown).toEqual([
    ['lo', '49%'],
    ['mid', '50%'],
    ['mid', '79%'],
    ['hi', '80%'],
  ]);
});

it('moves the edge of a pane with the keys, and keeps its width', async () => {
  window.innerWidth = 1440;
  const calls = await open({ settings: { panes: { ...DEFAULT_SETTINGS.panes, book_width: 400 } } });
  const edge = document.querySelector('.edge-book');
  expect(edge?.getAttribute('aria-valuenow')).toBe('400');
  vi.spyOn(document.getElementById('book') as HTMLElement, 'getBoundingClientRect').mockReturnValue(
    new DOMRect(0, 0, 400, 800),
  );
  await fireEvent.keyDown(edge as Element, { key: 'ArrowLeft' });
  await waitFor(() => expect(edge?.getAttribute('aria-valuenow')).toBe('416'));
  await waitFor(() => expect(changes(calls).at(-1)?.panes.book_width).toBe(416));
});

it('chooses the shown path once when the save dialog opens, and never wakes itself', async () => {
  const calls = await open();
  const asked = (): number => calls.filter(([method]) => method === 'branch.tree').length;
  await fireEvent.click(screen.getByTestId('book-save'));
  const before = asked();
  await fireEvent.click(await screen.findByTestId('save-more'));
  await screen.findByTestId('save-dialog');
  await fireEvent.change(screen.getByTestId('save-language'), { target: { value: 'ja' } });
  await fireEvent.change(screen.getByTestId('save-language'), { target: { value: 'en' } });
  await waitFor(() =>
    expect(screen.getByTestId<HTMLSelectElement>('save-language').value).toBe('en'),
  );
  expect(asked()).toBe(before + 1);
});
