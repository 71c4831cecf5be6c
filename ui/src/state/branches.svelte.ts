/** The branches view: the tree as it is now, what is chosen in it, and how it reads. */
import { problemOf } from '../bridge/bridge';
import type { ActCode, Message, Slot, StoryTree, TreeBranch } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

/** How much of the end of a branch is read for its preview. */
const PREVIEW = 40;

/** A place in the tree: a branch, and how far along its path. */
export interface Place {
  branchId: string;
  position: number;
}

export class BranchesState {
  tree: StoryTree | null = $state.raw(null);
  loading = $state(false);
  /** The branch that is looked at; empty for the one that is shown at the table. */
  chosenId = $state('');
  chosenSlotId = $state('');
  /** Two paths next to each other. */
  sideBySide = $state(false);
  forksOnly = $state(true);
  /** The line at a place of the tree, as far as it has been read. */
  lines: Record<string, Message> = $state.raw({});
  /** The end of a branch's path, oldest first, by branch. */
  pages: Record<string, Message[]> = $state.raw({});

  #roomId = '';
  #open = false;
  #asked = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly did: (code: ActCode) => void,
  ) {}

  get now(): TreeBranch | undefined {
    return this.find(this.tree?.now ?? '');
  }

  get chosen(): TreeBranch | undefined {
    return this.find(this.chosenId) ?? this.now;
  }

  get chosenSlot(): Slot | undefined {
    return this.tree?.slots.find((each) => each.id === this.chosenSlotId);
  }

  find(id: string): TreeBranch | undefined {
    return this.tree?.branches.find((each) => each.id === id);
  }

  async show(roomId: string): Promise<void> {
    if (roomId !== this.#roomId) {
      this.tree = null;
      this.chosenId = '';
      this.chosenSlotId = '';
      this.sideBySide = false;
    }
    this.#roomId = roomId;
    this.#open = true;
    await this.load();
  }

  hide(): void {
    this.#open = false;
  }

  /** Something in the story has changed: what is on view is read again. */
  stale(roomId: string): void {
    if (this.#open && roomId === this.#roomId) void this.load();
  }

  async load(): Promise<void> {
    const roomId = this.#roomId;
    this.loading = true;
    try {
      const tree = await this.connection.call('branch.tree', { room_id: roomId });
      if (roomId === this.#roomId) this.#learn(tree);
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      if (roomId === this.#roomId) this.loading = false;
    }
  }

  choose(branchId: string): void {
    this.chosenId = branchId;
    this.chosenSlotId = '';
    void this.read(branchId);
  }

  chooseSlot(slot: Slot): void {
    this.chosenId = slot.branch_id;
    this.chosenSlotId = slot.id;
    void this.read(slot.branch_id, slot.position);
  }

  /** The end of a path, so that it can be read before going there. */
  async read(branchId: string, upTo = Infinity): Promise<void> {
    const key = pageKey(branchId, upTo);
    if (!branchId || this.pages[key]) return;
    const page = await this.#page(branchId, upTo, PREVIEW);
    if (page) this.pages = { ...this.pages, [key]: page };
  }

  page(branchId: string, upTo = Infinity): Message[] {
    return this.pages[pageKey(branchId, upTo)] ?? [];
  }

  line(place: Place): Message | undefined {
    return this.lines[lineKey(place)];
  }

  /** Reads the line that stands at each place, as far as it is not known yet. */
  async readLines(places: Place[]): Promise<void> {
    const wanted = places.filter((place) => !this.#asked.has(lineKey(place)));
    for (const place of wanted) this.#asked.add(lineKey(place));
    const found = await Promise.all(
      wanted.map(async (place) => {
        const page = await this.#page(place.branchId, place.position, 1);
        return [lineKey(place), page?.[0]] as const;
      }),
    );
    const fresh = found.filter((each): each is [string, Message] => each[1] !== undefined);
    if (fresh.length > 0) this.lines = { ...this.lines, ...Object.fromEntries(fresh) };
  }

  rename(branchId: string, name: string): Promise<void> {
    return this.#change(async () => {
      this.#learn(await this.connection.call('branch.name', { branch_id: branchId, name }));
    });
  }

  remove(branchId: string): Promise<void> {
    return this.#change(async () => {
      this.#learn(await this.connection.call('branch.delete', { branch_id: branchId }));
      this.did('branch_delete');
      if (this.chosenId === branchId) this.choose('');
    });
  }

  renameSlot(slotId: string, name: string): Promise<void> {
    return this.#change(async () => {
      this.#slots((await this.connection.call('slot.name', { slot_id: slotId, name })).slots);
    });
  }

  removeSlot(slotId: string): Promise<void> {
    return this.#change(async () => {
      this.#slots((await this.connection.call('slot.delete', { slot_id: slotId })).slots);
      this.did('slot_delete');
      if (this.chosenSlotId === slotId) this.chosenSlotId = '';
    });
  }

  #learn(tree: StoryTree): void {
    this.tree = tree;
    this.lines = {};
    this.pages = {};
    this.#asked.clear();
    if (this.chosenId && !this.find(this.chosenId)) this.chosenId = '';
    const upTo = this.chosenSlot?.position;
    void this.read(this.chosen?.id ?? '', upTo);
    if (this.sideBySide) void this.read(tree.now);
  }

  #slots(slots: Slot[]): void {
    if (this.tree) this.tree = { ...this.tree, slots };
  }

  async #page(branchId: string, upTo: number, limit: number): Promise<Message[] | undefined> {
    const before = Number.isFinite(upTo) ? upTo + 1 : Number.MAX_SAFE_INTEGER;
    const asked = { room_id: this.#roomId, branch_id: branchId, before, limit };
    try {
      return (await this.connection.call('message.page', asked)).messages;
    } catch {
      return undefined;
    }
  }

  async #change(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}

const pageKey = (branchId: string, upTo: number): string => `${branchId}:${upTo}`;
const lineKey = ({ branchId, position }: Place): string => `${branchId}:${position}`;
