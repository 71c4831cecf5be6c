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
