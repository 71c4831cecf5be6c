/** Days of the calendar as the person's clock has them, and the moments they begin at. */

/** `2025-11-22`, as a date field has it. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The first moment of a day, or of the one `later` days after it; `null` for no day. */
export function startOf(day: string, later = 0): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!found) return null;
  const [year, month, date] = found.slice(1).map(Number) as [number, number, number];
  const at = new Date(year, month - 1, date + later);
  return at.getDate() === date || later ? at.getTime() : null;
}

/** `2025-11` */
export const monthOf = (at: number): string => dayOf(at).slice(0, 7);

/** The month so many months later. */
export function monthAfter(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return monthOf(new Date(year, number - 1 + by, 1).getTime());
}

/** The days of a month by weeks that begin on Sunday; the days of other months are left empty. */
export function weeksOf(month: string): string[][] {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const lead = new Date(year, number - 1, 1).getDay();
  const count = new Date(year, number, 0).getDate();
  const cells = [
    ...Array<string>(lead).fill(''),
    ...Array.from({ length: count }, (_, at) => `${month}-${String(at + 1).padStart(2, '0')}`),
  ];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, at) =>
    Array.from({ length: 7 }, (_, day) => cells[at * 7 + day] ?? ''),
  );
}
