/** The book of the open room: which of its pages are drawn, its chapters, and saving it. */
import { problemOf } from '../bridge/bridge';
import type {
  ActCode,
  AnyEvent,
  BookContents,
  BookOptions,
  ChapterMark,
  Message,
} from '../bridge/protocol.gen';
import { copyText } from '../text/clipboard';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';
import type { TableState } from './table.svelte';
import { Utterance } from './utterance.svelte';

/** Rows drawn at the end of the story, asked for at once, and drawn at most. */
export const TAIL = 60;
const PAGE = 60;
export const MOST = 240;
/** Many things change together: the contents are read once behind them. */
const REST_MS = 250;

/** A stretch of the story away from its end. */
interface Stretch {
  rows: Utterance[];
  first: number;
  older: boolean;
  newer: boolean;
}

export const USUAL: BookOptions = {
  format: 'epub',
  branch_id: null,
  in_character: false,
  chapters: true,
  cast: true,
  dice_record: false,
  names: true,
  dialogue: 'quotes',
  cover: true,
  language: null,
};

export class BookState {
  contents: BookContents | null = $state.raw(null);
  options: BookOptions = $state.raw(USUAL);
  /** The chapter whose name is being written. */
  naming = $state('');
  saving: { done: number; total: number } | null = $state.raw(null);
  saveOpen = $state(false);
  loading = $state(false);

  #away: Stretch | null = $state.raw(null);
  #roomId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly table: TableState,
    private readonly offer: (code: ActCode, name: string) => void,
  ) {}

  show(roomId: string): void {
    if (roomId !== this.#roomId) {
      this.contents = null;
      this.naming = '';
      this.saveOpen = false;
      this.saving = null;
    }
    this.#roomId = roomId;
    this.#away = null;
    this.loading = false;
    this.#stale();
  }

  /** At the end the pages are the table's own rows, so that what grows there grows here. */
  get rows(): Utterance[] {
    const away = this.#away;
    if (!away) return this.table.utterances.slice(-TAIL);
    if (away.newer) return away.rows;
    const last = away.rows.at(-1)?.message.position ?? 0;
    const fresh = this.table.utterances.filter((each) => each.message.position > last);
    return [...away.rows, ...fresh.slice(-MOST)];
  }

  get atEnd(): boolean {
    return this.#away === null;
  }

  get hasOlder(): boolean {
    if (this.#away) return this.#away.older;
    return this.table.utterances.length > TAIL || this.table.hasMore;
  }

  get hasNewer(): boolean {
    return this.#away?.newer ?? false;
  }

  /** Which message of the path the first row is, from 1. */
  get firstNumber(): number {
    if (this.#away) return this.#away.first;
    const { contents, rows } = this;
    if (!contents) return 1;
    const known = rows.filter((each) => each.message.position <= contents.tip).length;
    return Math.max(1, contents.count - known + 1);
  }

  get chapters(): ChapterMark[] {
    return this.contents?.chapters ?? [];
  }

  /** The chapter in which a place of the story lies. */
  chapterAt(position: number): ChapterMark | undefined {
    return this.chapters.findLast((each) => each.position <= position);
  }

  async older(): Promise<void> {
    const { rows } = this;
    const first = rows[0];
    if (!first || !this.hasOlder) return;
    const newer = this.hasNewer;
    await this.#load({ before: first.message.position, start: null }, (page, got) => {
      const all = [...got, ...rows.filter((each) => !each.pending)];
      const kept = all.slice(0, MOST);
      this.#away = {
        rows: kept,
        first: page.first_number,
        older: page.has_older,
        newer: newer || kept.length < all.length,
      };
    });
  }

  async newer(): Promise<void> {
    const away = this.#away;
    const last = away?.rows.at(-1);
    if (!away || !last || !away.newer) return;
    await this.#load({ start: last.message.position + 1, before: null }, (page, got) => {
      const all = [...away.rows, ...got];
      const gone = Math.max(0, all.length - MOST);
      this.#away = {
        rows: all.slice(gone),
        first: away.first + gone,
        older: away.older || gone > 0,
        newer: page.has_newer,
      };
    });
  }

  /** Opens the book at a place; the first row is then what stands there. */
  async goTo(position: number): Promise<void> {
    await this.#load({ start: position, before: null }, (page, got) => {
      this.#away = {
        rows: got,
        first: page.first_number,
        older: page.has_older,
        newer: page.has_newer,
      };
    });
  }

  toEnd(): void {
    this.#away = null;
  }

  async addChapter(messageId: string): Promise<void> {
    await this.#change('chapter_add', async () => {
      const told = await this.connection.call('book.chapter_add', { message_id: messageId });
      this.naming = told.chapters.find((each) => each.message_id === messageId)?.id ?? '';
      return told;
    });
  }

  async nameChapter(mark: ChapterMark, name: string): Promise<void> {
    this.naming = '';
    if (name.trim() === mark.name) return;
    await this.#change(
      'chapter_name',
      () => this.connection.call('book.chapter_name', { chapter_id: mark.id, name }),
      name,
    );
  }

  async removeChapter(mark: ChapterMark): Promise<void> {
    await this.#change(
      'chapter_delete',
      () => this.connection.call('book.chapter_delete', { chapter_id: mark.id }),
      mark.name,
    );
  }

  choose(part: Partial<BookOptions>): void {
    this.options = { ...this.options, ...part };
  }

  /** Asks for a place and writes the book there. */
  async save(part: Partial<BookOptions> = {}): Promise<void> {
    if (this.saving) return;
    this.choose(part);
    this.saveOpen = false;
    const roomId = this.#roomId;
    this.saving = { done: 0, total: 0 };
    try {
      const saved = await this.connection.call('book.save', {
        room_id: roomId,
        options: this.options,
      });
      if (saved.outcome === 'saved') this.notices.show({ kind: 'book_saved', name: saved.name });
      else if (saved.outcome !== 'dismissed')
        this.notices.show({
          kind: saved.outcome === 'printing' ? 'book_printing' : 'book_stopped',
        });
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      if (roomId === this.#roomId) this.saving = null;
    }
  }

  async stopSaving(): Promise<void> {
    await this.connection.call('book.stop', { room_id: this.#roomId });
  }

  /** Everything, or one chapter, as it would be saved. */
  async copy(chapterId: string | null, markdown: boolean): Promise<void> {
    try {
      const { text } = await this.connection.call('book.text', {
        room_id: this.#roomId,
        chapter_id: chapterId,
        options: {
          ...this.options,
          branch_id: null,
          format: markdown ? 'markdown' : 'text',
          cast: false,
          dice_record: false,
        },
      });
      await this.copyWords(text);
    } catch (error) {
      const problem = problemOf(error);
      this.notices.show(
        problem.code === 'too_long' ? { kind: 'copy_too_long' } : { kind: 'problem', problem },
      );
    }
  }

  async copyWords(text: string): Promise<void> {
    this.notices.show({ kind: (await copyText(text)) ? 'copied' : 'copy_failed' });
  }

  told(event: AnyEvent): void {
    switch (event.type) {
      case 'chapters_changed':
        if (event.room_id === this.#roomId && this.contents)
          this.contents = { ...this.contents, chapters: event.chapters };
        return;
      case 'book_progressed':
        if (event.room_id === this.#roomId && this.saving)
          this.saving = { done: event.done, total: event.total };
        return;
      case 'path_changed':
        if (event.room.id !== this.#roomId) return;
        this.#away = null;
        return this.#stale();
      case 'turn_ended':
        return event.room.id === this.#roomId ? this.#stale() : undefined;
      case 'message_changed':
        this.#away?.rows.find((each) => each.id === event.message.id)?.settle(event.message);
        return event.message.room_id === this.#roomId ? this.#stale() : undefined;
      case 'message_removed':
        if (event.room_id !== this.#roomId) return;
        if (this.#away) {
          const rows = this.#away.rows.filter((each) => each.id !== event.message_id);
          this.#away = { ...this.#away, rows };
        }
        return this.#stale();
      case 'message_added':
        if (event.message.room_id !== this.#roomId) return;
        this.#putBack(event.message);
        return this.#stale();
      default:
    }
  }

  /** A message that was deleted and is back belongs among the rows that are drawn. */
  #putBack(message: Message): void {
    const away = this.#away;
    const first = away?.rows[0]?.message.position ?? Infinity;
    const last = away?.rows.at(-1)?.message.position ?? 0;
    if (!away || message.position < first || message.position > last) return;
    const rows = [...away.rows, this.#row(message)];
    rows.sort((a, b) => a.message.position - b.message.position);
    this.#away = { ...away, rows };
  }

  readonly #row = (message: Message): Utterance =>
    this.table.find(message.id) ?? new Utterance(message);

  async #load(
    where: { start: number | null; before: number | null },
    take: (
      page: { first_number: number; has_older: boolean; has_newer: boolean },
      rows: Utterance[],
    ) => void,
  ): Promise<void> {
    if (this.loading) return;
    const roomId = this.#roomId;
    this.loading = true;
    try {
      const page = await this.connection.call('book.page', {
        room_id: roomId,
        ...where,
        limit: PAGE,
      });
      if (roomId === this.#roomId && page.messages.length > 0)
        take(page, page.messages.map(this.#row));
    } catch (error) {
      if (roomId === this.#roomId)
        this.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      if (roomId === this.#roomId) this.loading = false;
    }
  }

  async #change(code: ActCode, call: () => Promise<BookContents>, name = ''): Promise<void> {
    const roomId = this.#roomId;
    try {
      const told = await call();
      if (roomId !== this.#roomId) return;
      this.contents = told;
      this.offer(code, name);
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }

  /** The size and the chapters are read soon, and never while the room is being opened. */
  #stale(): void {
    clearTimeout(this.#timer);
    if (this.#roomId) this.#timer = setTimeout(() => void this.#read(), REST_MS);
  }

  async #read(): Promise<void> {
    const roomId = this.#roomId;
    if (this.table.running) return;
    try {
      const told = await this.connection.call('book.contents', { room_id: roomId });
      if (roomId === this.#roomId) this.contents = told;
    } catch {
      // The pages are there all the same; the next change asks once more.
    }
  }
}
