/** The house rules while they are read and written; saved once nobody types any more. */
import { problemOf } from '../bridge/bridge';
import type { Problem, Rules } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';

const SAVE_AFTER_MS = 1_200;

export class RulesState {
  rules: Rules | null = $state.raw(null);
  text = $state('');
  saving = $state(false);
  problem: Problem | null = $state.raw(null);
  /** Where a text that somebody else wrote meanwhile was kept. */
  kept = $state('');

  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(private readonly connection: Connection) {}

  get dirty(): boolean {
    return this.rules !== null && this.text !== this.rules.text;
  }

  /** Reads them anew, unless something is still unsaved. */
  async look(): Promise<void> {
    if (this.dirty) return;
    await this.#do(async () => {
      const rules = await this.connection.call('rules.read', {});
      if (!this.dirty) this.#show(rules);
    });
  }

  edit(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  save(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#work = this.#work.then(() => (this.dirty ? this.#store(this.text) : undefined));
    return this.#work;
  }

  /** Back to the sample of the language. */
  reset(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#work = this.#work.then(() => this.#store(null));
    return this.#work;
  }

  #show(rules: Rules): void {
    this.rules = rules;
    this.text = rules.text;
  }

  #store(text: string | null): Promise<void> {
    const typed = this.text;
    return this.#do(async () => {
      const stamp = this.rules?.stamp ?? '';
      const { rules, kept } = await this.connection.call('rules.save', { text, stamp });
      this.kept = kept;
      // What was typed meanwhile stays and is saved after it.
      if (this.text === typed) this.#show(rules);
      else this.rules = rules;
    });
  }

  async #do(act: () => Promise<void>): Promise<void> {
    this.saving = true;
    this.problem = null;
    try {
      await act();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.saving = false;
    }
  }
}
