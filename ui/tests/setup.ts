/** What jsdom lacks and the page needs. */
import { afterEach } from 'vitest';
import { cleanup } from '@testing-library/svelte';

class NoResize {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NoResize as unknown as typeof ResizeObserver;
Element.prototype.scrollTo ??= () => undefined;
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.animate ??= (() => ({ finished: Promise.resolve(), cancel() {} })) as never;
globalThis.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener() {},
  removeEventListener() {},
})) as never;

afterEach(() => cleanup());
