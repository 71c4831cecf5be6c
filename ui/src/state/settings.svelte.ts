/** The settings of the whole program: changed at once on screen, then stored. */
import { problemOf } from '../bridge/bridge';
import { DEFAULT_SETTINGS, type Panes, type Settings } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class SettingsState {
  value: Settings = $state.raw(DEFAULT_SETTINGS);
  systemDark = $state(false);

  #asked = 0;

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
  ) {
    const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
    if (!dark) return;
    this.systemDark = dark.matches;
    dark.addEventListener('change', (event) => (this.systemDark = event.matches));
  }

  get theme(): 'light' | 'dark' {
    const { theme } = this.value;
    return theme === 'system' ? (this.systemDark ? 'dark' : 'light') : theme;
  }

  /** Older answers never undo a newer change. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.value;
    this.value = { ...before, ...part };
    const mine = ++this.#asked;
    try {
      const stored = await this.connection.call('settings.change', { settings: this.value });
      if (mine === this.#asked) this.value = stored;
    } catch (error) {
      if (mine === this.#asked) this.value = before;
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }

  changePanes(part: Partial<Panes>): Promise<void> {
    return this.change({ panes: { ...this.value.panes, ...part } });
  }

  /** What the program says is stored now, unless a newer wish of mine is under way. */
  told(settings: Settings): void {
    this.value = settings;
  }
}
