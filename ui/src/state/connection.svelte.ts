/** The state of the line to the program, and the order in which its events count. */
import { problemOf, type Bridge } from '../bridge/bridge';
import type {
  AnyEvent,
  Batch,
  Language,
  MethodName,
  Methods,
  Opened,
  Problem,
} from '../bridge/protocol.gen';

export class Connection {
  phase: 'opening' | 'open' | 'failed' = $state('opening');
  problem: Problem | null = $state.raw(null);

  #bridge: Bridge;
  #sequence = 0;
  #early: Batch[] = [];
  #apply: (event: AnyEvent, last: number) => void = () => undefined;
  #tapes = new Set<Batch[]>();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    bridge.onBatch((batch) => this.#receive(batch));
  }

  /**
   * Asks for everything once; `start` draws it before any event is applied.
   *
   * A snapshot never cuts a batch in half, so a batch is old exactly when its last event is.
   */
  async open(
    language: Language,
    start: (opened: Opened) => void,
    apply: (event: AnyEvent, last: number) => void,
  ): Promise<void> {
    try {
      const opened = await this.call('app.open', { language });
      start(opened);
      this.#sequence = opened.sequence;
      this.#apply = apply;
      this.phase = 'open';
      for (const batch of this.#early.splice(0)) this.#receive(batch);
    } catch (error) {
      this.problem = problemOf(error);
      this.phase = 'failed';
    }
  }

  call<M extends MethodName>(
    method: M,
    params: Methods[M]['params'],
  ): Promise<Methods[M]['result']> {
    return this.#bridge.call(method, params);
  }

  /**
   * Remembers the batches that come while a room is being fetched: its answer and the events
   * travel different ways. `replay` applies again those that the answer does not hold yet.
   */
  record(): { replay: (sequence: number) => void; forget: () => void } {
    const tape: Batch[] = [];
    this.#tapes.add(tape);
    const forget = (): void => void this.#tapes.delete(tape);
    return {
      forget,
      replay: (sequence) => {
        forget();
        for (const batch of tape)
          if (batch.last > sequence)
            for (const event of batch.events) this.#again(event, batch.last);
      },
    };
  }

  #again(event: AnyEvent, last: number): void {
    if (event.type !== 'problem_raised') this.#apply(event, last);
  }

  #receive(batch: Batch): void {
    if (this.phase !== 'open') {
      this.#early.push(batch);
      return;
    }
    if (batch.last <= this.#sequence) return;
    this.#sequence = batch.last;
    for (const tape of this.#tapes) tape.push(batch);
    for (const event of batch.events) this.#apply(event, batch.last);
  }
}
