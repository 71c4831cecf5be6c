/** What concerns the whole page: links, keys, errors nobody caught, the moment it goes away. */
import type { AppState } from '../../state/app.svelte';
import { handleKey } from './shortcuts';

/** A link never navigates the window: whatever it points to would own the bridge. */
function keepHere(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (link && !link.getAttribute('href')?.startsWith('#')) event.preventDefault();
}

const refuse = (event: Event): void => event.preventDefault();

type On = (target: EventTarget, type: string, listener: (event: Event) => void) => void;

const holdsFile = (event: Event): boolean =>
  (event as DragEvent).dataTransfer?.types.includes('Files') ?? false;

/** A file that is dropped anywhere goes to where files are brought in; the window never opens it. */
function watchFiles(app: AppState, on: On): void {
  const { importing, frame } = app;
  on(document, 'dragover', (event) => {
    refuse(event);
    if (holdsFile(event) && app.connection.phase === 'open') importing.hovering = true;
  });
  on(document, 'dragleave', (event) => {
    if (!(event as DragEvent).relatedTarget) importing.hovering = false;
  });
  on(document, 'drop', (event) => {
    refuse(event);
    importing.hovering = false;
    const file = (event as DragEvent).dataTransfer?.files[0];
    if (!file || app.connection.phase !== 'open' || !app.profiles.value.open) return;
    frame.page = 'backup';
    void importing.drop(file);
  });
}

/** Listens until the returned function is called. */
export function watchPage(app: AppState): () => void {
  const stop = new AbortController();
  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    target.addEventListener(type, listener, { signal: stop.signal, capture: type === 'keydown' });
  on(document, 'click', keepHere);
  on(document, 'auxclick', keepHere);
  on(document, 'submit', refuse);
  watchFiles(app, on);
  on(window, 'keydown', (event) => handleKey(app, event as KeyboardEvent));
  on(window, 'resize', () => (app.frame.width = window.innerWidth));
  on(window, 'pagehide', () => {
    app.keep();
    void app.library.settleAll();
  });
  on(window, 'blur', () => app.keep());
  on(window, 'error', (event) => void app.report((event as ErrorEvent).error ?? event));
  on(window, 'unhandledrejection', (event) => {
    void app.report((event as PromiseRejectionEvent).reason);
  });
  app.frame.width = window.innerWidth;
  return () => stop.abort();
}
