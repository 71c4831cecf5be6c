/** The settings of the whole program: changed at once on screen, then stored. */
import { problemOf } from '../bridge/bridge';
import { DEFAULT_SETTINGS, type Panes, type Settings } from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';

export class SettingsState {
  value: Settings = $state.raw(DEFAULT_SETTINGS);
  systemDark = $state(false);

  #stored: Settings = DEFAULT_SETTINGS;
  #travelling = false;

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

  /** One change travels at a time; what was wished meanwhile goes as one after it. */
  async change(part: Partial<Settings>): Promise<void> {
    this.value = { ...this.value, ...part };
    if (this.#travelling) return;
    this.#travelling = true;
    try {
      let sent: Settings;
      do {
        sent = this.value;
        const stored = await this.connection.call('settings.change', { settings: sent });
        this.#stored = stored;
        if (this.value === sent) this.value = sent = stored;
      } while (this.value !== sent);
    } catch (error) {
      this.value = this.#stored;
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    } finally {
      this.#travelling = false;
    }
  }

  changePanes(part: Partial<Panes>): Promise<void> {
    return this.change({ panes: { ...this.value.panes, ...part } });
  }

  /** What the program says is stored now, unless a wish of mine is on its way. */
  told(settings: Settings): void {
    this.#stored = settings;
    if (!this.#travelling) this.value = settings;
  }
}
