/** Character cards of other programs: people who come to this table, and who are taken along. */
import { problemOf } from '../bridge/bridge';
import type { CardFormat, CardTaken, Character } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';
import type { StageState } from './stage.svelte';

export class CardsState {
  /** A dialog of the system is open. */
  busy = $state(false);

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly stage: StageState,
  ) {}

  /** Somebody out of a file, with a seat at the table; `null` if nobody came. */
  async choose(): Promise<Character | null> {
    const taken = await this.#ask(() =>
      this.connection.call('card.choose', { me: this.stage.value.me.name }),
    );
    if (!taken?.character) return null;
    const seated = { ...taken.character, dye: this.stage.nextDye() };
    this.stage.putCharacter(seated);
    this.#settle(taken);
    return seated;
  }

  /** Somebody out of a pasted text; the seat is the caller's to give. */
  async paste(text: string): Promise<Character | null> {
    const taken = await this.#ask(() =>
      this.connection.call('card.paste', { text, me: this.stage.value.me.name }),
    );
    if (taken?.character) this.#settle(taken);
    return taken?.character ?? null;
  }

  async save(character: Character, format: CardFormat): Promise<void> {
    const situation = this.stage.value.situation;
    const saved = await this.#ask(() =>
      this.connection.call('card.save', { character, situation, format }),
    );
    if (saved?.file) this.notices.show({ kind: 'card_saved', file: saved.file });
  }

  /** The person as a piece for the clipboard; empty if that did not work. */
  async piece(character: Character): Promise<string> {
    const copied = await this.#ask(() => this.connection.call('card.copy', { character }));
    return copied?.text ?? '';
  }

  /** What a card brings beside its person: where nothing stands yet, and into force here. */
  #settle(taken: CardTaken): void {
    const { situation, lorebooks } = this.stage.value;
    if (taken.situation && !situation.trim()) this.stage.edit({ situation: taken.situation });
    if (taken.book_file && !lorebooks.includes(taken.book_file) && lorebooks.length < 32)
      this.stage.edit({ lorebooks: [...lorebooks, taken.book_file] });
    this.notices.show({
      kind: 'card_taken',
      name: taken.character?.name ?? '',
      book: taken.book_name,
      lines: taken.lines.map(({ code }) => code),
    });
  }

  async #ask<R>(call: () => Promise<R>): Promise<R | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      return await call();
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
      return null;
    } finally {
      this.busy = false;
    }
  }
}

const CARD = /^\s*\{\s*"(?:kind"\s*:\s*"character"|spec"\s*:\s*"chara_card)/;

/** Whether a pasted text is somebody, and not something to be written. */
export const looksLikeCard = (text: string): boolean => CARD.test(text);
