/** Locks a locked profile when the person has been away for as long as the settings say. */
import type { AppState } from '../../state/app.svelte';

const LOOK_EVERY_MS = 5_000;

/** By the clock on the wall: a computer that slept counts as away. */
export function watchIdle(app: AppState): () => void {
  let seen = Date.now();
  let away = 0;
  const stop = new AbortController();
  const alive = (): void => void (away = 0);
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'focus'])
    window.addEventListener(type, alive, { signal: stop.signal, passive: true, capture: true });
  const timer = setInterval(() => {
    const minutes = app.settings.value.lock_after_min;
    const { current, value } = app.profiles;
    // A clock that was set back must not keep the door open for as long as it was.
    const now = Date.now();
    away += Math.max(0, now - seen);
    seen = now;
    if (minutes === 0 || !value.open || !current?.locked) return alive();
    if (away >= minutes * 60_000) void app.profiles.lock();
  }, LOOK_EVERY_MS);
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}
