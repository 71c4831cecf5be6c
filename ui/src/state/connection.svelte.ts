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
  #apply: (event: AnyEvent) => void = () => undefined;

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
    apply: (event: AnyEvent) => void,
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

  #receive(batch: Batch): void {
    if (this.phase !== 'open') {
      this.#early.push(batch);
      return;
    }
    if (batch.last <= this.#sequence) return;
    this.#sequence = batch.last;
    for (const event of batch.events) this.#apply(event);
  }
}
