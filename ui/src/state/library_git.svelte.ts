/** The library's repository: how it stands, setting it up, and the one button. */
import { problemOf } from '../bridge/bridge';
import type { GitStatus, GitSynced, Problem } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';

export class LibraryGitState {
  status: GitStatus | null = $state.raw(null);
  synced: GitSynced | null = $state.raw(null);
  busy: 'looking' | 'setting_up' | 'syncing' | null = $state(null);
  problem: Problem | null = $state.raw(null);

  constructor(
    private readonly connection: Connection,
    /** What must be on the disk before anything is exchanged. */
    private readonly flush: () => Promise<unknown>,
  ) {}

  look(): Promise<void> {
    return this.#do('looking', async () => {
      this.status = await this.connection.call('library.git_status', {});
    });
  }

  setUp(remote: string): Promise<void> {
    return this.#do('setting_up', async () => {
      this.status = await this.connection.call('library.git_init', { remote: remote.trim() });
    });
  }

  sync(): Promise<void> {
    return this.#do('syncing', async () => {
      await this.flush();
      this.synced = await this.connection.call('library.git_sync', {});
      this.status = this.synced.status;
    });
  }

  async #do(what: NonNullable<LibraryGitState['busy']>, act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.problem = null;
    try {
      await act();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = null;
    }
  }
}
