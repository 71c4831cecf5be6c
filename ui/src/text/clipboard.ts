/** The only way to the clipboard; some web engines refuse the modern one. */

/** False when neither way worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await settledWithin(navigator.clipboard.writeText(text), 400);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** In some web engines the promise of a refused permission never settles. */
function settledWithin(promise: Promise<void>, ms: number): Promise<void> {
  const late = new Promise<void>((_, reject) => setTimeout(() => reject(new Error('late')), ms));
  return Promise.race([promise, late]);
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr';
  (document.querySelector('[role=dialog]') ?? document.body).append(field);
  const before = document.activeElement;
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
