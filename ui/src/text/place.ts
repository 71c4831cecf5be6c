/** Keeps the reader's place while rows above it come, go or change their height. */
import { tick } from 'svelte';

function firstVisible(box: HTMLElement, rows: string): HTMLElement | undefined {
  const top = box.getBoundingClientRect().top;
  return [...box.querySelectorAll<HTMLElement>(rows)].find(
    (row) => row.getBoundingClientRect().bottom > top,
  );
}

/** Web engines without scroll anchoring, and all of them at the very top, need the correction. */
export async function keepPlace(
  box: HTMLElement,
  change: () => void | Promise<void>,
  rows = '[data-message-id]',
): Promise<void> {
  const row = firstVisible(box, rows);
  const before = row?.getBoundingClientRect().top ?? 0;
  await change();
  await tick();
  if (row?.isConnected) box.scrollTop += row.getBoundingClientRect().top - before;
}
