/** One job of taking out or bringing in, and the news of it. */
import type { TransferJob } from '../bridge/protocol.gen';

/** How many news of jobs that nobody here knows yet are kept. */
const MOST_EARLY = 16;

/** The answer that begins a job and the events about it travel different ways. */
export class JobState {
  /** What is going on or how the last one ended; `null` before and after. */
  job: TransferJob | null = $state.raw(null);
  /** The system's dialog is open, or the program is being asked. */
  asking = $state(false);

  #early = new Map<string, TransferJob>();

  constructor(private readonly onend: (job: TransferJob) => void = () => undefined) {}

  get running(): boolean {
    return this.asking || this.job?.state === 'running';
  }

  begin(job: TransferJob): void {
    const known = this.#early.get(job.id) ?? job;
    this.#early.clear();
    this.job = known;
    if (known.state !== 'running') this.onend(known);
  }

  told(job: TransferJob): void {
    if (this.job?.id === job.id) {
      if (this.job.state !== 'running') return;
      this.job = job;
      if (job.state !== 'running') this.onend(job);
      return;
    }
    this.#early.set(job.id, job);
    const [oldest] = this.#early.keys();
    if (this.#early.size > MOST_EARLY && oldest) this.#early.delete(oldest);
  }

  forget(): void {
    this.job = null;
    this.#early.clear();
  }
}
