/** Knows whether a key belongs to an input method, so that Enter never sends half a syllable. */

/** How long after the end of a composition an Enter still belongs to it, in milliseconds. */
const TAIL_MS = 60;

export class ImeGuard {
  #composing = false;
  #endedAt = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  readonly start = (): void => {
    this.#composing = true;
  };

  readonly end = (): void => {
    this.#composing = false;
    this.#endedAt = this.now();
  };

  readonly keyup = (event: Pick<KeyboardEvent, 'isComposing'>): void => {
    if (!event.isComposing) this.#endedAt = -Infinity;
  };

  /** The input method is using this key itself: leave it alone. */
  owns(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
    return this.#composing || event.isComposing || event.keyCode === 229;
  }

  /**
   * This key press is the one that ended a composition.
   *
   * Some engines fire `compositionend` before the keydown of the very Enter that caused it.
   */
  isTail(): boolean {
    return this.now() - this.#endedAt < TAIL_MS;
  }
}
