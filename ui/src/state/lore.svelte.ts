/** The lorebook that is written in: which piece is chosen, in which order, and what becomes of it. */
import type { Entry, LibraryEntry, Lorebook } from '../bridge/protocol.gen';
import { matches } from '../text/fuzzy';
import type { LibraryState } from './library.svelte';
import { keyOf, type LibraryDraft } from './library_draft.svelte';
import type { Notices } from './notices.svelte';

export type LoreOrder = 'mine' | 'name' | 'strength';
export type LoreWhen = 'key' | 'always' | 'off';

export const whenOf = (entry: Entry): LoreWhen =>
  !entry.enabled ? 'off' : entry.constant ? 'always' : 'key';

/** A piece with nothing in it but its id. */
export const blankEntry = (id: string): Entry => ({
  id,
  name: '',
  content: '',
  keys: [],
  secondary_keys: [],
  logic: 'and_any',
  use_regex: false,
  case_sensitive: false,
  match: 'word',
  ignore_spaces: false,
  constant: false,
  enabled: true,
  order: 100,
  priority: 0,
  probability: 100,
  sticky: 0,
  cooldown: 0,
  delay: 0,
  exclude_recursion: false,
  prevent_recursion: false,
  delay_until_recursion: false,
  scan_depth: null,
  position: 'before_characters',
  depth: 4,
  group: '',
  weight: 100,
  visibility: ['all'],
  extensions: {},
});

export const blankBook = (name: string): Lorebook => ({
  id: freshId(),
  name,
  description: '',
  enabled: true,
  scan_depth: 4,
  token_budget: 800,
  recursive: false,
  entries: [],
  extensions: {},
});

export const freshId = (): string => crypto.randomUUID().replaceAll('-', '');

export class LoreState {
  bookKey = $state('');
  /** Empty: the settings of the whole book. */
  entryId = $state('');
  /** Only where both do not fit: the piece lies over the list. */
  inFront = $state(false);
  wanted = $state('');
  only: LoreWhen | 'all' = $state('all');
  order: LoreOrder = $state('mine');

  constructor(
    private readonly library: LibraryState,
    private readonly notices: Notices,
  ) {
    library.moved = (from, to) => {
      if (this.bookKey === from) this.bookKey = to;
    };
  }

  get draft(): LibraryDraft | undefined {
    return this.library.drafts[this.bookKey];
  }

  get book(): Lorebook | undefined {
    const contents = this.draft?.contents;
    return contents?.type === 'lore' ? contents.book : undefined;
  }

  get entry(): Entry | undefined {
    return this.book?.entries.find((each) => each.id === this.entryId);
  }

  /** What the filter leaves, in the order that was chosen. */
  shown(language: string): Entry[] {
    const found = (this.book?.entries ?? []).filter(
      (each) =>
        (this.only === 'all' || whenOf(each) === this.only) &&
        [each.name, ...each.keys].some((word) => matches(word, this.wanted)),
    );
    if (this.order === 'name') return found.sort((a, b) => a.name.localeCompare(b.name, language));
    return this.order === 'strength' ? found.sort((a, b) => a.order - b.order) : found;
  }

  async open(entry: LibraryEntry, loreId = ''): Promise<void> {
    const draft = await this.library.fetch(entry);
    this.bookKey = draft?.key ?? keyOf(entry);
    const first = this.book?.entries[0]?.id ?? '';
    this.entryId = loreId || first;
    this.inFront = loreId !== '';
    if (loreId) this.wanted = '';
    if (loreId) this.only = 'all';
  }

  /** The book that was open last, else the first one. */
  async start(): Promise<void> {
    await this.library.need();
    const books = this.library.of('lorebook').filter((each) => !each.problem);
    const open = books.find((each) => keyOf(each) === this.bookKey) ?? books[0];
    if (open && (!this.draft || keyOf(open) !== this.bookKey)) await this.open(open);
  }

  choose(id: string): void {
    this.entryId = id;
    this.inFront = true;
  }

  changeBook(part: Partial<Lorebook>): void {
    const { book, draft } = this;
    if (book && draft) draft.edit({ type: 'lore', book: { ...book, ...part } });
  }

  change(part: Partial<Entry>): void {
    const { book, entryId } = this;
    if (!book) return;
    const entries = book.entries.map((each) => (each.id === entryId ? { ...each, ...part } : each));
    this.changeBook({ entries });
  }

  add(): void {
    const made = blankEntry(freshId());
    this.wanted = '';
    this.only = 'all';
    this.changeBook({ entries: [...(this.book?.entries ?? []), made] });
    this.choose(made.id);
  }

  copy(name: string): void {
    const { book, entry } = this;
    if (!book || !entry) return;
    const made = { ...entry, id: freshId(), name };
    const at = book.entries.indexOf(entry) + 1;
    this.changeBook({ entries: book.entries.toSpliced(at, 0, made) });
    this.choose(made.id);
  }

  move(by: 1 | -1): void {
    const { book, entry } = this;
    if (!book || !entry) return;
    const from = book.entries.indexOf(entry);
    const to = from + by;
    if (to < 0 || to >= book.entries.length) return;
    this.changeBook({ entries: book.entries.toSpliced(from, 1).toSpliced(to, 0, entry) });
  }

  /** Gone at once; the undo puts it back where it was. */
  remove(): void {
    const { book, draft, entry } = this;
    if (!book || !draft || !entry) return;
    const at = book.entries.indexOf(entry);
    const rest = book.entries.toSpliced(at, 1);
    this.changeBook({ entries: rest });
    this.entryId = (rest[at] ?? rest.at(-1))?.id ?? '';
    this.inFront = false;
    this.notices.show({
      kind: 'lore_removed',
      name: entry.name,
      undo: () => this.#putBack(draft, entry, at),
    });
  }

  #putBack(draft: LibraryDraft, entry: Entry, at: number): void {
    if (draft.contents.type !== 'lore') return;
    const { book } = draft.contents;
    draft.edit({ type: 'lore', book: { ...book, entries: book.entries.toSpliced(at, 0, entry) } });
    if (this.draft === draft) this.entryId = entry.id;
  }
}
