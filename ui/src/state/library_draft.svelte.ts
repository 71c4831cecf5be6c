/** One entry of the library while it is read and written; nothing that was typed is ever lost. */
import { problemOf } from '../bridge/bridge';
import type { Contents, LibraryEntry, Problem } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';

/** How long somebody may go on typing before it is saved. */
const SAVE_AFTER_MS = 1_200;

export const keyOf = (entry: Pick<LibraryEntry, 'kind' | 'origin' | 'file'>): string =>
  `${entry.kind}/${entry.origin}/${entry.file}`;

const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

export class LibraryDraft {
  entry: LibraryEntry;
  contents: Contents;
  /** Fields whose values could not be used and are lost with the next save. */
  unread: string[];
  saving = $state(false);
  problem: Problem | null = $state.raw(null);
  /** What became of the file elsewhere while something unsaved stands here. */
  conflict: 'changed' | 'gone' | null = $state(null);
  /** The entry of somebody else beside which mine was kept. */
  beside: LibraryEntry | null = $state.raw(null);
  /** The file is gone and nothing here was unsaved. */
  lost = $state(false);

  #stored: Contents;
  #first: Contents;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<unknown> = Promise.resolve();
  /** What was told of the files while one of mine was on its way. */
  #missed: LibraryEntry[] | null = null;

  constructor(
    private readonly connection: Connection,
    read: { entry: LibraryEntry; contents: Contents; unread: string[] },
    private readonly moved: (from: string, draft: LibraryDraft) => void,
  ) {
    this.entry = $state.raw(read.entry);
    this.contents = $state.raw(read.contents);
    this.unread = $state.raw(read.unread);
    this.#stored = $state.raw(read.contents);
    this.#first = $state.raw(read.contents);
  }

  get key(): string {
    return keyOf(this.entry);
  }

  get dirty(): boolean {
    return !same(this.contents, this.#stored);
  }

  /** Whether it differs from how it was when it was opened. */
  get touched(): boolean {
    return !same(this.contents, this.#first);
  }

  edit(contents: Contents): void {
    this.contents = contents;
    this.problem = null;
    clearTimeout(this.#timer);
    if (!this.conflict) this.#timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  revert(): void {
    this.edit(this.#first);
  }

  /** One save after the other, the newest state last; a conflict waits for the person. */
  save(): Promise<unknown> {
    clearTimeout(this.#timer);
    if (!this.conflict) this.#work = this.#work.then(() => this.#store());
    return this.#work;
  }

  /** Mine becomes an entry of its own beside what somebody else wrote. */
  keepMine(): Promise<unknown> {
    this.conflict = null;
    return this.save();
  }

  /** What somebody else wrote takes the place of mine, which is handed back for an undo. */
  async takeTheirs(): Promise<Contents> {
    const mine = this.contents;
    clearTimeout(this.#timer);
    if (this.conflict === 'gone') this.lost = true;
    else await this.#read();
    this.conflict = null;
    return mine;
  }

  async rename(name: string): Promise<Problem | null> {
    await this.save();
    return this.#busy(async () => {
      const { kind, file } = this.entry;
      this.#settle(await this.connection.call('library.rename', { kind, file, name }));
    });
  }

  /** How the files stand now. */
  told(entries: LibraryEntry[]): void {
    if (this.saving) {
      this.#missed = entries;
      return;
    }
    const now = entries.find((each) => keyOf(each) === this.key);
    if (!now) {
      if (this.dirty) this.#clash('gone');
      else this.lost = true;
    } else if (now.stamp === this.entry.stamp) {
      this.entry = now;
      this.conflict = null;
    } else if (this.dirty) this.#clash('changed');
    else void this.#read();
  }

  /** Lets go of the timer; what is unsaved stays here. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #clash(what: 'changed' | 'gone'): void {
    clearTimeout(this.#timer);
    this.conflict = what;
  }

  #settle(entry: LibraryEntry): void {
    const from = this.key;
    this.entry = entry;
    if (from !== this.key) this.moved(from, this);
  }

  async #store(): Promise<void> {
    if (!this.dirty) return;
    const sent = this.contents;
    const before = this.entry;
    await this.#busy(async () => {
      const { entry, outcome } = await this.connection.call('library.save', {
        kind: before.kind,
        name: before.name,
        contents: sent,
        origin: before.origin,
        file: before.file,
        stamp: before.stamp,
      });
      this.#stored = sent;
      this.unread = [];
      this.beside = outcome === 'kept_beside' ? before : null;
      this.#settle(entry);
    });
    if (!this.problem && this.dirty) this.edit(this.contents);
  }

  async #read(): Promise<void> {
    await this.#busy(async () => {
      const { kind, origin, file } = this.entry;
      const read = await this.connection.call('library.read', { kind, origin, file });
      this.entry = read.entry;
      this.contents = this.#stored = this.#first = read.contents;
      this.unread = read.unread;
    });
  }

  async #busy(act: () => Promise<void>): Promise<Problem | null> {
    this.saving = true;
    this.problem = null;
    try {
      await act();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.saving = false;
      const missed = this.#missed;
      this.#missed = null;
      if (missed && !this.problem) this.told(missed);
    }
    return this.problem;
  }
}
