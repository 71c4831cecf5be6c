/** The library: what there is, what is open, and what a person does with it. */
import { problemOf } from '../bridge/bridge';
import type {
  Contents,
  EntryRead,
  LibraryEntry,
  LibraryKind,
  LibraryList,
  Methods,
  Problem,
  Room,
  Stage,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import { keyOf, LibraryDraft } from './library_draft.svelte';
import { takenBack, type ApplyPart } from './library_taking';
import type { Notices } from './notices.svelte';
import type { RoomsState } from './rooms.svelte';
import type { StageState } from './stage.svelte';

export const KINDS: readonly LibraryKind[] = [
  'preset',
  'world',
  'situation',
  'my_character',
  'character_template',
  'npc',
  'lorebook',
];

export type KeepPart = Methods['library.keep']['params']['part'];
type Taking = Omit<Methods['library.apply']['params'], 'room_id'>;

/** What of the stage is about to be kept, and under which name if nothing else is said. */
export interface Keeping {
  part: KeepPart;
  name: string;
  character_id?: string;
}

export interface Around {
  connection: Connection;
  notices: Notices;
  rooms: RoomsState;
  stage: StageState;
}

export class LibraryState {
  list: LibraryList | null = $state.raw(null);
  /** Entries that were opened, and what is still unsaved in them. */
  drafts: Record<string, LibraryDraft> = $state.raw({});
  openKey = $state('');
  kind: LibraryKind = $state('preset');
  /** What the sheet for taking into the room shows; `null` while it is closed. */
  taking: { kind: LibraryKind; part: ApplyPart } | null = $state.raw(null);
  keeping: Keeping | null = $state.raw(null);

  /** What was made last. */
  made: LibraryEntry | null = null;
  /** Told when a draft goes by another key: it was renamed, or it is a copy now. */
  moved: (from: string, to: string) => void = () => undefined;

  #read: Record<string, EntryRead> = $state.raw({});
  #asked = new Set<string>();
  #listing: Promise<void> | null = null;

  constructor(private readonly at: Around) {}

  get entries(): LibraryEntry[] {
    return this.list?.entries ?? [];
  }

  get draft(): LibraryDraft | undefined {
    return this.drafts[this.openKey];
  }

  of(kind: LibraryKind): LibraryEntry[] {
    return this.entries.filter((each) => each.kind === kind);
  }

  /** Asks for the list once; from then on the program tells what changes. */
  need(): Promise<void> {
    this.#listing ??= this.#try(async () => {
      this.told(await this.at.connection.call('library.list', {}));
    }).then((ok) => void (ok || (this.#listing = null)));
    return this.#listing;
  }

  /** Shows an entry, or a piece of lore, on its own page. */
  async show(entry: LibraryEntry): Promise<void> {
    this.kind = entry.kind;
    await this.open(entry);
  }

  told(list: LibraryList): void {
    this.list = list;
    if (list.state === 'ready')
      for (const draft of Object.values(this.drafts)) {
        draft.told(list.entries);
        if (draft.lost) this.#forget(draft.key);
      }
  }

  /** What stands in an entry, for looking only; `undefined` until it has been read. */
  glance(entry: LibraryEntry): Contents | undefined {
    const key = keyOf(entry);
    const known = this.#read[key];
    const asked = `${key} ${entry.stamp}`;
    if (!entry.problem && known?.entry.stamp !== entry.stamp && !this.#asked.has(asked)) {
      this.#asked.add(asked);
      // Asked for while something is drawn: not before that is done.
      queueMicrotask(() => void this.#look(entry));
    }
    return known?.contents;
  }

  open(entry: LibraryEntry): Promise<LibraryDraft | undefined> {
    this.openKey = keyOf(entry);
    return this.fetch(entry);
  }

  /** Reads an entry for writing in it; one that is being written in is not read again. */
  async fetch(entry: LibraryEntry): Promise<LibraryDraft | undefined> {
    const key = keyOf(entry);
    if (!this.drafts[key] && !entry.problem)
      await this.#try(async () => {
        const { kind, origin, file } = entry;
        const read = await this.at.connection.call('library.read', { kind, origin, file });
        this.#hold(read);
      });
    return this.drafts[key];
  }

  close(): void {
    this.openKey = '';
  }

  /** Saves whatever is unsaved; what clashes waits for the person. */
  async saveAll(): Promise<void> {
    const unsaved = Object.values(this.drafts).filter((draft) => draft.dirty);
    await Promise.all(unsaved.map((draft) => draft.save()));
  }

  /** Nothing waits any longer: what clashes is put beside what somebody else wrote. */
  async settleAll(): Promise<void> {
    const clashing = Object.values(this.drafts).filter((draft) => draft.conflict);
    await Promise.all([this.saveAll(), ...clashing.map((draft) => draft.keepMine())]);
  }

  /** A new entry, opened at once; why not, if it could not be made. */
  async create(kind: LibraryKind, name: string, contents: Contents): Promise<Problem | null> {
    try {
      const call = this.at.connection.call('library.save', { kind, name, contents });
      const { entry } = await call;
      this.made = entry;
      if (kind === 'lorebook') return null;
      this.kind = kind;
      await this.open(entry);
      return null;
    } catch (error) {
      return problemOf(error);
    }
  }

  async remove(entry: LibraryEntry): Promise<void> {
    const { kind, file } = entry;
    const draft = this.drafts[keyOf(entry)];
    if (draft?.dirty) await draft.save();
    await this.#try(async () => {
      const { id } = await this.at.connection.call('library.delete', { kind, file });
      this.#forget(keyOf(entry));
      this.at.notices.show({
        kind: 'library_deleted',
        name: entry.name,
        undo: () => void this.restore(id),
      });
    });
  }

  async restore(id: string): Promise<void> {
    await this.#try(async () => {
      const entry = await this.at.connection.call('library.restore', { id });
      if (entry.kind === 'lorebook') return;
      this.kind = entry.kind;
      await this.open(entry);
    });
  }

  /** Puts one entry or several onto the open room's stage, as one act that can be taken back. */
  async take(what: Taking[], name: string): Promise<boolean> {
    const { connection, notices, rooms, stage } = this.at;
    const room_id = rooms.currentId;
    if (!room_id || what.length === 0) return false;
    await stage.save();
    const before = rooms.current?.stage;
    let room: Room | undefined;
    const whole = await this.#try(async () => {
      for (const one of what)
        ({ room } = await connection.call('library.apply', { room_id, ...one }));
    });
    if (!room || !before) return whole;
    this.#restaged(room);
    const after = room.stage;
    notices.show({
      kind: 'library_applied',
      name,
      undo: () => void this.#takeBack(room_id, before, after),
    });
    return whole;
  }

  async keepPart(keeping: Keeping): Promise<Problem | null> {
    const { connection, notices, rooms, stage } = this.at;
    try {
      await stage.save();
      const { entry } = await connection.call('library.keep', {
        room_id: rooms.currentId,
        ...keeping,
      });
      notices.show({ kind: 'library_kept', name: entry.name });
      return null;
    } catch (error) {
      return problemOf(error);
    }
  }

  async takeTheirs(draft: LibraryDraft): Promise<void> {
    const { name } = draft.entry;
    const mine = await draft.takeTheirs();
    if (draft.lost) this.#forget(draft.key);
    else this.at.notices.show({ kind: 'library_theirs', name, undo: () => draft.edit(mine) });
  }

  async chooseFolder(): Promise<void> {
    await this.settleAll();
    await this.#try(async () =>
      this.#moved(await this.at.connection.call('library.choose_folder', {})),
    );
  }

  async usualFolder(): Promise<void> {
    await this.settleAll();
    await this.#try(async () =>
      this.#moved(await this.at.connection.call('library.usual_folder', {})),
    );
  }

  #moved(list: LibraryList): void {
    if (list.folder !== this.list?.folder) {
      for (const draft of Object.values(this.drafts)) draft.close();
      this.drafts = {};
      this.openKey = '';
    }
    this.told(list);
  }

  #restaged(room: Room): void {
    this.at.rooms.told(room);
    this.at.stage.told(room);
  }

  async #takeBack(room_id: string, before: Stage, after: Stage): Promise<void> {
    await this.at.stage.save();
    const now = this.at.rooms.all.find((each) => each.id === room_id)?.stage;
    if (!now) return;
    await this.#try(async () => {
      const stage = takenBack(now, before, after);
      this.#restaged(await this.at.connection.call('room.stage', { room_id, stage }));
    });
  }

  #hold(read: EntryRead): void {
    const draft = new LibraryDraft(this.at.connection, read, (from, moved) => {
      const others = Object.entries(this.drafts).filter(([key]) => key !== from);
      this.drafts = { ...Object.fromEntries(others), [moved.key]: moved };
      if (this.openKey === from) this.openKey = moved.key;
      this.moved(from, moved.key);
    });
    this.drafts = { ...this.drafts, [draft.key]: draft };
  }

  #forget(key: string): void {
    this.drafts[key]?.close();
    this.drafts = Object.fromEntries(Object.entries(this.drafts).filter(([each]) => each !== key));
    if (this.openKey === key) this.openKey = '';
  }

  async #look(entry: LibraryEntry): Promise<void> {
    try {
      const { kind, origin, file } = entry;
      const read = await this.at.connection.call('library.read', { kind, origin, file });
      this.#read = { ...this.#read, [keyOf(entry)]: read };
    } catch {
      // Gone or unreadable by now: the next list says so.
    }
  }

  async #try(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.at.notices.show({ kind: 'problem', problem: problemOf(error) });
      return false;
    }
  }
}
