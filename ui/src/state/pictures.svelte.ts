/** Faces: each fetched once and kept, and the one that is being cut. */
import { SvelteMap } from 'svelte/reactivity';
import { problemOf } from '../bridge/bridge';
import type { Picture, PictureSize, PictureSource } from '../bridge/protocol.gen';
import { pieces } from '../text/pieces';
import type { Crop } from '../text/crop';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

const AT_ONCE = 64;

interface Cutting {
  source: PictureSource;
  done: (picture: string) => void;
}

export class PicturesState {
  /** A picture lies ready to be cut. */
  cutting: Cutting | null = $state.raw(null);
  /** One is being chosen, opened or cut. */
  busy = $state(false);

  /** By size and name. What a name stands for never changes, so nothing here grows old. */
  #here = new SvelteMap<string, string>();
  #asked = new Set<string>();
  #wanted: Record<PictureSize, string[]> = { small: [], full: [] };

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  /** Its address, or what there is until it comes; everything wanted in one go is asked at once. */
  readonly source = (picture: string, full: boolean): string => {
    if (!picture) return '';
    const size: PictureSize = full ? 'full' : 'small';
    this.#want(picture, size);
    return this.#here.get(`${size} ${picture}`) ?? this.#here.get(`small ${picture}`) ?? '';
  };

  /** Lets the person choose a file; `done` is told the name of what they cut out of it. */
  choose(done: (picture: string) => void): Promise<void> {
    return this.#open(() => this.connection.call('picture.choose', {}), done);
  }

  /** The same with what was dropped or pasted. */
  take(file: Blob, done: (picture: string) => void): Promise<void> {
    return this.#open(() => this.#hand(file), done);
  }

  async cut({ x, y, side }: Crop): Promise<void> {
    const { cutting } = this;
    if (!cutting || this.busy) return;
    this.busy = true;
    try {
      const { token } = cutting.source;
      const picture = await this.connection.call('picture.crop', { token, x, y, side });
      this.#keep([picture], 'small');
      cutting.done(picture.id);
      this.close();
    } catch (error) {
      this.#refused(error);
    } finally {
      this.busy = false;
    }
  }

  close(): void {
    const token = this.cutting?.source.token;
    this.cutting = null;
    if (token) void this.connection.call('picture.let_go', { token }).catch(() => undefined);
  }

  async #open(ask: () => Promise<PictureSource>, done: Cutting['done']): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const source = await ask();
      if (source.token) this.cutting = { source, done };
    } catch (error) {
      this.#refused(error);
    } finally {
      this.busy = false;
    }
  }

  async #hand(file: Blob): Promise<PictureSource> {
    let held: PictureSource = { token: '', width: 0, height: 0, preview: '' };
    for await (const { data, last } of pieces(file))
      held = await this.connection.call('picture.drop', { token: held.token, data, last });
    return held;
  }

  #refused(error: unknown): void {
    const problem = problemOf(error);
    this.notices.show(
      problem.code === 'bad_file'
        ? { kind: 'picture_refused', fault: problem.detail }
        : { kind: 'problem', problem },
    );
  }

  #want(picture: string, size: PictureSize): void {
    const key = `${size} ${picture}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const waiting = this.#wanted[size];
    // What is drawn together is asked for together.
    if (waiting.push(picture) === 1) queueMicrotask(() => void this.#fetch(size));
  }

  async #fetch(size: PictureSize): Promise<void> {
    const ids = this.#wanted[size];
    this.#wanted[size] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE);
      try {
        const { pictures } = await this.connection.call('picture.read', { ids: some, size });
        this.#keep(pictures, size);
      } catch {
        // Seals stand in for them until they are drawn anew.
        for (const id of some) this.#asked.delete(`${size} ${id}`);
      }
    }
  }

  #keep(pictures: readonly Picture[], size: PictureSize): void {
    for (const { id, source } of pictures) {
      this.#asked.add(`${size} ${id}`);
      this.#here.set(`${size} ${id}`, source);
    }
  }
}
