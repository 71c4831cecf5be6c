/** A reader who stays at the end: the page lets go of far older rows at the end of each turn. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import App from '../../src/App.svelte';
import { connectDemo } from '../../src/bridge/demo';
import { TableState } from '../../src/state/table.svelte';

test('old rows are let go of when a turn ends, without anybody pressing End', async () => {
  const forget = vi.spyOn(TableState.prototype, 'forgetOld');
  render(App, { bridge: connectDemo({ paceMs: 0 }) });
  await screen.findByTestId('app-ready');
  forget.mockClear();
  const field = screen.getByTestId('composer-input');
  await fireEvent.input(field, { target: { value: '그럼 열어 볼게요.' } });
  await fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 13 });
  await screen.findAllByTestId('choice', {}, { timeout: 20_000 });
  await waitFor(() => expect(screen.getByTestId('send-button').dataset.state).toBe('send'));
  expect(forget).toHaveBeenCalled();
});
