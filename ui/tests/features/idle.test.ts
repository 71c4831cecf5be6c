/** The door that shuts by itself: after the time that passed, whatever the clock is set to. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchIdle } from '../../src/features/profiles/idle';
import type { AppState } from '../../src/state/app.svelte';

const MINUTE = 60_000;
const lock = vi.fn();
const app = {
  settings: { value: { lock_after_min: 5 } },
  profiles: { value: { open: true }, current: { locked: true }, lock },
} as unknown as AppState;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  lock.mockClear();
  stop = watchIdle(app);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('it locks after the minutes that were set, and not while a key is pressed', () => {
  for (let minute = 0; minute < 8; minute += 1) {
    vi.advanceTimersByTime(MINUTE);
    window.dispatchEvent(new KeyboardEvent('keydown'));
  }
  expect(lock).not.toHaveBeenCalled();
  vi.advanceTimersByTime(4 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
  vi.advanceTimersByTime(MINUTE + 5_000);
  expect(lock).toHaveBeenCalled();
});

test('a clock that is set back a day does not keep it open', () => {
  vi.advanceTimersByTime(2 * MINUTE);
  vi.setSystemTime(Date.now() - 24 * 60 * MINUTE);
  vi.advanceTimersByTime(3 * MINUTE + 10_000);
  expect(lock).toHaveBeenCalled();
});

test('a computer that slept counts as away', () => {
  vi.advanceTimersByTime(MINUTE);
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  vi.advanceTimersByTime(5_000);
  expect(lock).toHaveBeenCalled();
});
