/** What the open room is set up with, as it is being edited; saves itself. */
import { problemOf } from '../bridge/bridge';
import {
  DEFAULT_STAGE,
  type Author,
  type Character,
  type Dye,
  type Problem,
  type Room,
  type Stage,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

const SAVE_AFTER_MS = 800;

/** The order in which dyes are handed out. */
export const DYES: readonly Dye[] = [
  'jjok',
  'chija',
  'jadu',
  'iki',
  'doraji',
  'mulsae',
  'gam',
  'sol',
  'seokryu',
  'olive',
  'bidulgi',
  'pat',
];

const FIELDS = Object.keys(DEFAULT_STAGE) as (keyof Stage)[];

export class StageState {
  value: Stage = $state.raw(DEFAULT_STAGE);
  saving = $state(false);
  problem: Problem | null = $state.raw(null);

  #roomId = '';
  #stored: Stage = $state.raw(DEFAULT_STAGE);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saves: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly roomSaved: (room: Room) => void,
  ) {}

  /** How many parts differ from what is stored. */
  get changes(): number {
    return FIELDS.filter((key) => differs(this.value[key], this.#stored[key])).length;
  }

  show(room: Room | null): void {
    clearTimeout(this.#timer);
    this.#roomId = room?.id ?? '';
    this.#stored = room?.stage ?? DEFAULT_STAGE;
    this.value = this.#stored;
    this.problem = null;
  }

  /** What is being typed here wins over what comes from elsewhere. */
  told(room: Room): void {
    if (room.id !== this.#roomId) return;
    const untouched = this.changes === 0;
    this.#stored = room.stage;
    if (untouched) this.value = room.stage;
  }

  edit(part: Partial<Stage>): void {
    if (!this.#roomId) return;
    this.value = { ...this.value, ...part };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  /** Saves what is not stored yet; one save after the other, the newest state last. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.changes === 0) return this.#saves;
    const roomId = this.#roomId;
    const wanted = this.value;
    this.#saves = this.#saves.then(() => this.#store(roomId, wanted));
    return this.#saves;
  }

  nextDye(): Dye {
    const used = new Set(this.value.characters.map((each) => each.dye));
    const count = this.value.characters.length;
    return DYES.find((dye) => !used.has(dye)) ?? DYES[count % DYES.length] ?? 'jjok';
  }

  /** A new person with nothing but a name and the next dye. */
  newCharacter(name: string): Character {
    return {
      id: crypto.randomUUID().replaceAll('-', ''),
      name,
      aliases: [],
      line: '',
      description: '',
      speech: '',
      examples: [],
      relations: [],
      secrets: [],
      dye: this.nextDye(),
      enabled: true,
      provider: '',
      model: '',
      voice: { name: '', speed: 100, pitch: 100 },
      picture: '',
      card: '',
    };
  }

  /** The picture of whoever said something here; empty for none. */
  faceOf({ kind, id }: Author): string {
    if (kind === 'user') return this.value.me.picture;
    return (id && this.value.characters.find((each) => each.id === id)?.picture) || '';
  }

  putCharacter(character: Character): void {
    const { characters } = this.value;
    const known = characters.some((each) => each.id === character.id);
    this.edit({
      characters: known
        ? characters.map((each) => (each.id === character.id ? character : each))
        : [...characters, character],
    });
  }

  removeCharacter(character: Character): void {
    const at = this.value.characters.findIndex((each) => each.id === character.id);
    if (at < 0) return;
    const roomId = this.#roomId;
    this.edit({ characters: this.value.characters.filter((each) => each.id !== character.id) });
    this.notices.show({
      kind: 'character_removed',
      name: character.name,
      undo: () => {
        if (this.#roomId === roomId) this.#putAt(character, at);
      },
    });
  }

  moveCharacter(id: string, by: number): void {
    const characters = [...this.value.characters];
    const from = characters.findIndex((each) => each.id === id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= characters.length) return;
    characters.splice(to, 0, ...characters.splice(from, 1));
    this.edit({ characters });
  }

  #putAt(character: Character, at: number): void {
    const characters = [...this.value.characters];
    characters.splice(at, 0, character);
    this.edit({ characters });
  }

  async #store(roomId: string, stage: Stage): Promise<void> {
    this.saving = true;
    try {
      const room = await this.connection.call('room.stage', { room_id: roomId, stage });
      this.roomSaved(room);
      if (roomId !== this.#roomId) return;
      this.#stored = room.stage;
      if (this.value === stage) this.value = room.stage;
      this.problem = null;
    } catch (error) {
      if (roomId === this.#roomId) this.problem = problemOf(error);
    } finally {
      this.saving = false;
    }
  }
}

const differs = (a: unknown, b: unknown): boolean =>
  a !== b && JSON.stringify(a) !== JSON.stringify(b);
