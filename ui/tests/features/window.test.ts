import { expect, it } from 'vitest';
import { back, newest, onward, shifted } from '../../src/features/table/window';

it('draws the newest two hundred rows at the end', () => {
  expect(newest(50)).toEqual({ start: 0, end: 50 });
  expect(newest(1000)).toEqual({ start: 800, end: 1000 });
});

it('never draws more than a few hundred rows, however far the reader goes', () => {
  let now = newest(5000);
  for (let step = 0; step < 100; step += 1) {
    now = back(now);
    expect(now.end - now.start).toBeLessThanOrEqual(320);
  }
  expect(now.start).toBe(0);
  for (let step = 0; step < 100; step += 1) now = onward(now, 5000);
  expect(now.end).toBe(5000);
  expect(now.end - now.start).toBeLessThanOrEqual(320);
});

it('keeps the same rows when older ones come in front', () => {
  expect(shifted({ start: 10, end: 70 }, 60)).toEqual({ start: 70, end: 130 });
});
