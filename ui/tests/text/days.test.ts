import { describe, expect, it } from 'vitest';
import { dayOf, monthAfter, startOf, weeksOf } from '../../src/text/days';
import { PIECE_BYTES, pieces } from '../../src/text/pieces';

describe('days of the calendar', () => {
  it('begin and end by the clock on the wall', () => {
    expect(startOf('2026-03-01')).toBe(new Date(2026, 2, 1).getTime());
    expect(startOf('2026-02-28', 1)).toBe(new Date(2026, 2, 1).getTime());
    expect(dayOf(new Date(2026, 0, 5, 23, 59).getTime())).toBe('2026-01-05');
  });

  it('are none where the text is none, or the day does not exist', () => {
    for (const text of ['', '2026-2-1', 'gestern', '2026-02-30']) expect(startOf(text)).toBeNull();
  });
});

describe('a file in pieces', () => {
  it('comes whole, in order, and says which piece is the last', async () => {
    const bytes = Uint8Array.from({ length: PIECE_BYTES + 5 }, (_, at) => (at * 7) % 256);
    const got = [];
    for await (const each of pieces(new Blob([bytes]))) got.push(each);
    expect(got.map(({ last }) => last)).toEqual([false, true]);
    const told = got.map(({ data }) => atob(data)).join('');
    expect(told.length).toBe(bytes.length);
    expect(told.charCodeAt(PIECE_BYTES + 4)).toBe(bytes[PIECE_BYTES + 4]);
    expect(got.every(({ data }) => data.length <= 1_400_000)).toBe(true);
  });

  it('is one empty piece where it is empty', async () => {
    const got = [];
    for await (const each of pieces(new Blob([]))) got.push(each);
    expect(got).toEqual([{ data: '', last: true, share: 1 }]);
  });
});

describe('the weeks of a month', () => {
  it('begin on Sunday, hold every day once, and leave the days of other months empty', () => {
    const weeks = weeksOf('2026-11');
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(weeks[0]).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `2026-11-0${day}`));
    expect(weeks.flat().filter(Boolean)).toHaveLength(30);
    expect(weeksOf('2024-02').flat().filter(Boolean).at(-1)).toBe('2024-02-29');
    expect(weeksOf('2026-08')[0]?.filter(Boolean)).toEqual(['2026-08-01']);
  });

  it('go on over the turn of the year', () => {
    expect(monthAfter('2025-12', 1)).toBe('2026-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
  });
});
