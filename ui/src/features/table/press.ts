/** A long press of a finger: the way to a message's actions where nothing hovers. */

const LONG_MS = 500;
const WOBBLE_PX = 10;

export class LongPress {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #from = { x: 0, y: 0 };

  constructor(private readonly pressed: () => void) {}

  readonly #end = (): void => clearTimeout(this.#timer);

  readonly handlers = {
    onpointerdown: (event: PointerEvent): void => {
      this.#end();
      if (event.pointerType === 'mouse') return;
      this.#from = { x: event.clientX, y: event.clientY };
      this.#timer = setTimeout(() => {
        getSelection()?.removeAllRanges();
        this.pressed();
      }, LONG_MS);
    },
    onpointermove: (event: PointerEvent): void => {
      const far = Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y);
      if (far > WOBBLE_PX) this.#end();
    },
    onpointerup: this.#end,
    onpointercancel: this.#end,
  };
}
