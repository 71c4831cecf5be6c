/** Which part of the loaded talk is drawn: never more than a few hundred rows at once. */

export interface Window {
  start: number;
  end: number;
}

const AT_END = 200;
const STEP = 60;
const MOST = 320;

/** The newest rows: what stands there while the reader is at the end. */
export const newest = (length: number): Window => ({
  start: Math.max(0, length - AT_END),
  end: length,
});

export function back({ start, end }: Window): Window {
  const next = Math.max(0, start - STEP);
  return { start: next, end: Math.min(end, next + MOST) };
}

export function onward({ start, end }: Window, length: number): Window {
  const next = Math.min(length, end + STEP);
  return { start: Math.max(start, next - MOST), end: next };
}

/** The same rows after `added` older ones were put in front. */
export const shifted = ({ start, end }: Window, added: number): Window => ({
  start: start + added,
  end: end + added,
});
