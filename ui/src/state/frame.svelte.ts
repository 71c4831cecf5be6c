/** Which panes are open and how wide; which one is in front where only one fits. */
import type { SettingsState } from './settings.svelte';

export type Pane = 'stage' | 'talk' | 'book';
/** What fills the window beside the rail: the table, or a page of its own. */
export type Page =
  'table' | 'backup' | 'branches' | 'library' | 'lore' | 'rooms' | 'settings' | 'welcome';

export const SETTINGS_SECTIONS = [
  'reading',
  'aloud',
  'ai',
  'memory',
  'usage',
  'rules',
  'keys',
  'profile',
  'language',
  'about',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

export class FrameState {
  page: Page = $state('table');
  /** The pane in front where the window is narrow. */
  pane: Pane = $state('talk');
  /** The stage laid over the talk, where the window is too narrow for three. */
  drawer = $state(false);
  width = $state(1440);
  settingsSection: SettingsSection = $state('reading');
  newRoomOpen = $state(false);
  /** The preset a new room is to begin with; empty for an empty table. */
  newRoomFrom = $state('');
  paletteOpen = $state(false);
  keysOpen = $state(false);
  findOpen = $state(false);
  findText = $state('');
  /** Counts up when the finder's field should have the focus. */
  findAsked = $state(0);
  /** A width while its edge is being dragged; stored when it is let go. */
  dragged: { pane: 'stage' | 'book'; width: number } | null = $state.raw(null);

  /** The part of the stage somebody was sent to; counts up with each wish. */
  wanted: { section: string; count: number } = $state.raw({ section: '', count: 0 });

  /** The message under the pointer, in the talk or in the book: the other one marks it too. */
  pointedMessage = $state('');
  /** A message somebody wants to see; counts up with each wish. */
  soughtMessage: { id: string; count: number } = $state.raw({ id: '', count: 0 });

  constructor(private readonly settings: SettingsState) {}

  /** Settings lie on a page of their own; without a section the one seen last. */
  openSettings(section: SettingsSection = this.settingsSection): void {
    this.settingsSection = section;
    this.page = 'settings';
  }

  get narrow(): boolean {
    return this.width <= 900;
  }

  get stageIsDrawer(): boolean {
    return this.width > 900 && this.width <= 1040;
  }

  get stageOpen(): boolean {
    if (this.narrow) return this.pane === 'stage';
    return this.stageIsDrawer ? this.drawer : this.settings.value.panes.stage_open;
  }

  get bookOpen(): boolean {
    return this.narrow ? this.pane === 'book' : this.settings.value.panes.book_open;
  }

  paneWidth(pane: 'stage' | 'book'): number | null {
    if (this.dragged?.pane === pane) return this.dragged.width;
    const { panes } = this.settings.value;
    return pane === 'stage' ? panes.stage_width : panes.book_width;
  }

  toggleStage(): void {
    if (this.narrow) this.pane = this.pane === 'stage' ? 'talk' : 'stage';
    else if (this.stageIsDrawer) this.drawer = !this.drawer;
    else void this.settings.changePanes({ stage_open: !this.stageOpen });
  }

  toggleBook(): void {
    if (this.narrow) this.pane = this.pane === 'book' ? 'talk' : 'book';
    else void this.settings.changePanes({ book_open: !this.bookOpen });
  }

  /** Brings a pane to where it can be seen. */
  reveal(pane: Pane): void {
    this.page = 'table';
    if (this.narrow) this.pane = pane;
    else if (pane === 'stage' && !this.stageOpen) this.toggleStage();
    else if (pane === 'book' && !this.bookOpen) this.toggleBook();
  }

  /** Opens one section of the stage and puts the focus into it. */
  revealSection(section: string): void {
    this.reveal('stage');
    this.wanted = { section, count: this.wanted.count + 1 };
  }

  seekMessage(id: string): void {
    this.reveal('talk');
    this.soughtMessage = { id, count: this.soughtMessage.count + 1 };
  }

  drag(pane: 'stage' | 'book', width: number): void {
    const [least, most] = pane === 'stage' ? [240, 600] : [300, 900];
    this.dragged = { pane, width: Math.round(Math.min(most, Math.max(least, width))) };
  }

  drop(): void {
    const { dragged } = this;
    this.dragged = null;
    if (!dragged) return;
    const key = dragged.pane === 'stage' ? 'stage_width' : 'book_width';
    void this.settings.changePanes({ [key]: dragged.width });
  }
}
