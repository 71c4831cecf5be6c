/** Who speaks next at the open table, and the turns that come by themselves. */
import { problemOf } from '../bridge/bridge';
import type {
  AutoChanged,
  AutoEnd,
  AutoTurn,
  NextChanged,
  NextVoice,
  RoomView,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class VoicesState {
  next: NextVoice | null = $state.raw(null);
  auto: AutoTurn | null = $state.raw(null);
  /** Why no more turns come by themselves; empty once it is known or while they come. */
  ended: AutoEnd = $state('');

  #roomId = $state('');

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {}

  show(view: RoomView | null): void {
    this.#roomId = view?.room.id ?? '';
    this.next = view?.next ?? null;
    this.auto = view?.auto ?? null;
    this.ended = '';
  }

  autoChanged(event: AutoChanged): void {
    if (event.room_id !== this.#roomId) return;
    this.auto = event.auto;
    this.ended = event.why;
  }

  nextChanged(event: NextChanged): void {
    if (event.room_id === this.#roomId) this.next = event.next;
  }

  /** Whether I chose who is next. */
  chosen(voice: string): boolean {
    return this.next?.reason === 'asked' && this.next.voice === voice;
  }

  /** Has somebody speak next, once; a second time takes it back. */
  choose(voice: string): Promise<void> {
    const wanted = this.chosen(voice) ? '' : voice;
    return this.#call(() =>
      this.connection.call('voice.choose', { room_id: this.#roomId, voice: wanted }),
    );
  }

  start(): Promise<void> {
    this.ended = '';
    return this.#call(() => this.connection.call('auto.start', { room_id: this.#roomId }));
  }

  /** Lets no more come; who speaks now ends. */
  stop(): Promise<void> {
    if (!this.auto) return Promise.resolve();
    return this.#call(() => this.connection.call('auto.stop', { room_id: this.#roomId }));
  }

  async #call(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}
