/** Every room, and which one is open. */
import { problemOf } from '../bridge/bridge';
import type {
  Language,
  LibraryEntry,
  Room,
  RoomShelf,
  RoomView,
  Turn,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class RoomsState {
  all: Room[] = $state.raw([]);
  currentId = $state('');
  /** Rooms in which an answer is being written. */
  running: Record<string, string> = $state.raw({});
  opening = $state('');
  /** Rooms in the trash whose end has been asked for and can still be taken back. */
  doomed: string[] = $state.raw([]);

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly enter: (view: RoomView | null) => void,
    private readonly leave: () => void,
  ) {}

  get current(): Room | undefined {
    return this.all.find((room) => room.id === this.currentId);
  }

  /** Newest first, without the thrown-away ones. */
  get shelf(): Room[] {
    return this.all
      .filter((room) => room.trashed_at === null && room.archived_at === null)
      .sort((a, b) => b.updated_at - a.updated_at);
  }

  start(rooms: Room[], view: RoomView | null): void {
    this.all = rooms;
    if (view) this.told(view.room);
    this.#arrive(view);
  }

  told(room: Room): void {
    const known = this.all.some((each) => each.id === room.id);
    this.all = known
      ? this.all.map((each) => (each.id === room.id ? room : each))
      : [...this.all, room];
  }

  turnStarted(turn: Turn): void {
    this.running = { ...this.running, [turn.room_id]: turn.id };
  }

  turnEnded(turn: Turn): void {
    this.running = Object.fromEntries(
      Object.entries(this.running).filter(([, turnId]) => turnId !== turn.id),
    );
  }

  async open(id: string): Promise<void> {
    if (id === this.currentId) return;
    this.leave();
    this.opening = id;
    await this.#try(async () => {
      await this.#fetch(
        () => this.connection.call('room.open', { room_id: id }),
        () => this.opening === id,
      );
    });
    if (this.opening === id) this.opening = '';
  }

  async create(title: string, language: Language): Promise<void> {
    this.leave();
    await this.#try(async () => {
      await this.#fetch(
        () => this.connection.call('room.create', { title, language }),
        () => true,
      );
    });
  }

  /** A table laid as an opening scene, answered by that provider; whether it stands. */
  async openScene(scene_id: string, language: Language, provider: string): Promise<boolean> {
    this.leave();
    let stands = false;
    await this.#try(async () => {
      await this.#fetch(
        () => this.connection.call('scene.open', { scene_id, language, provider }),
        () => true,
      );
      stands = true;
    });
    return stands;
  }

  /** A new room with the stage of a preset. */
  async createFrom(title: string, preset: Pick<LibraryEntry, 'origin' | 'file'>): Promise<void> {
    this.leave();
    const { origin, file } = preset;
    await this.#try(async () => {
      await this.#fetch(
        () => this.connection.call('room.from_preset', { title, origin, file }),
        () => true,
      );
    });
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#try(async () => {
      this.told(await this.connection.call('room.rename', { room_id: id, title }));
    });
  }

  /** The rooms of one shelf as the program has them; the trash is known to nobody else. */
  async look(which: RoomShelf, query = ''): Promise<Room[] | null> {
    try {
      return (await this.connection.call('room.list', { which, query })).rooms;
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
      return null;
    }
  }

  async archive(room: Room): Promise<void> {
    await this.#try(async () => {
      this.told(await this.connection.call('room.archive', { room_id: room.id }));
      this.notices.show({
        kind: 'room_archived',
        name: room.title,
        undo: () => void this.unarchive(room.id),
      });
    });
  }

  async unarchive(id: string): Promise<void> {
    await this.#try(async () => {
      this.told(await this.connection.call('room.unarchive', { room_id: id }));
    });
  }

  /** A copy that is opened at once; without its story only the stage comes along. */
  async duplicate(id: string, title: string, withStory: boolean): Promise<void> {
    this.leave();
    await this.#try(async () => {
      await this.#fetch(
        () => this.connection.call('room.duplicate', { room_id: id, title, with_story: withStory }),
        () => true,
      );
    });
  }

  /** Puts the shelf in this order, for good. */
  async order(ids: string[]): Promise<void> {
    await this.#try(async () => {
      const { rooms } = await this.connection.call('room.order', { room_ids: ids });
      for (const room of rooms) this.told(room);
    });
  }

  /**
   * Nothing can bring it back, so it is asked for only once the undo is no longer on offer; a
   * program that ends before that still has the room in the trash.
   */
  deleteForever(room: Room): void {
    this.doomed = [...this.doomed, room.id];
    this.notices.show({
      kind: 'room_deleted',
      name: room.title,
      undo: () => this.#spare(room.id),
      gone: () => {
        if (this.doomed.includes(room.id)) void this.#end(room.id);
      },
    });
  }

  forgotten(id: string): void {
    this.all = this.all.filter((each) => each.id !== id);
    this.#spare(id);
  }

  /** The room goes at once and can be taken back. */
  async trash(room: Room): Promise<void> {
    await this.#try(async () => {
      if (room.id === this.currentId) this.leave();
      this.told(await this.connection.call('room.trash', { room_id: room.id }));
      this.notices.show({
        kind: 'room_trashed',
        name: room.title,
        undo: () => void this.restore(room.id),
      });
      if (room.id !== this.currentId) return;
      const next = this.shelf[0];
      if (next) await this.open(next.id);
      else this.#arrive(null);
    });
  }

  async restore(id: string): Promise<void> {
    await this.#try(async () => {
      this.told(await this.connection.call('room.restore', { room_id: id }));
      await this.open(id);
    });
  }

  #spare(id: string): void {
    this.doomed = this.doomed.filter((each) => each !== id);
  }

  async #end(id: string): Promise<void> {
    await this.#try(async () => {
      await this.connection.call('room.delete_forever', { room_id: id });
      this.forgotten(id);
    });
    this.#spare(id);
  }

  async #fetch(ask: () => Promise<RoomView>, wanted: () => boolean): Promise<void> {
    const recorded = this.connection.record();
    try {
      const view = await ask();
      if (!wanted()) return;
      this.#arrive(view);
      recorded.replay(view.sequence);
    } finally {
      recorded.forget();
    }
  }

  #arrive(view: RoomView | null): void {
    if (view) this.told(view.room);
    this.currentId = view?.room.id ?? '';
    if (view?.running) this.turnStarted(view.running);
    this.enter(view);
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}
