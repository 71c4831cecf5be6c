/** Points in time as people say them. */
import { language, t } from './index.svelte';

const DAY_MS = 86_400_000;

const format =
  (options: Intl.DateTimeFormatOptions) =>
  (at: number): string =>
    new Intl.DateTimeFormat(language(), options).format(at);

/** 오후 11:42 */
export const clock = format({ hour: 'numeric', minute: '2-digit' });

/** 11월 16일 */
const day = format({ month: 'long', day: 'numeric' });

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** 방금 · 5분 전 · 오후 11:42 · 어제 · 11월 16일 */
export function when(at: number, now = Date.now()): string {
  const passed = now - at;
  if (passed < 60_000) return t().time.now;
  if (passed < 3_600_000) return t().time.minutes(Math.floor(passed / 60_000));
  if (startOfDay(at) === startOfDay(now)) return clock(at);
  if (startOfDay(at) === startOfDay(startOfDay(now) - DAY_MS / 2)) return t().time.yesterday;
  return day(at);
}

const dated = format({ month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });

/** A moment to come: the time alone today, with its day on any other. */
export const moment = (at: number, now = Date.now()): string =>
  new Date(at).toDateString() === new Date(now).toDateString() ? clock(at) : dated(at);
