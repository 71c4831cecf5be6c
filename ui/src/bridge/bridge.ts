/** The one seam between the page and the program: typed calls out, batches of events in. */
import type { Batch, MethodName, Methods, Problem } from './protocol.gen';

export interface Bridge {
  /** Rejects with {@link CallFailed} when the program answers with a problem. */
  call<M extends MethodName>(
    method: M,
    params: Methods[M]['params'],
  ): Promise<Methods[M]['result']>;
  /** Batches that came before the listener was set are handed over first. One listener only. */
  onBatch(listener: (batch: Batch) => void): void;
}

export class CallFailed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
    this.name = 'CallFailed';
  }
}

/** A problem the page itself finds, with every field the program would have sent. */
export function pageProblem(code: Problem['code'], fields: Partial<Problem> = {}): Problem {
  return {
    code,
    provider: '',
    ways_on: [],
    detail: '',
    field: '',
    waited_ms: null,
    retry_at: null,
    exit_code: null,
    log_id: '',
    ...fields,
  };
}

/** What went wrong, whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CallFailed) return error.problem;
  return pageProblem('bug', { detail: error instanceof Error ? error.message : String(error) });
}

/** Keeps batches until somebody listens. */
export class Inbox {
  #waiting: Batch[] = [];
  #listener: ((batch: Batch) => void) | undefined;

  readonly receive = (batch: Batch): void => {
    if (this.#listener) this.#listener(batch);
    else this.#waiting.push(batch);
  };

  listen(listener: (batch: Batch) => void): void {
    this.#listener = listener;
    for (const batch of this.#waiting.splice(0)) listener(batch);
  }
}
