/** Keys that work everywhere, by their place on the keyboard: a Korean layout changes nothing. */
import type { AppState } from '../../state/app.svelte';
import { toggleAddress, clearAddress } from '../../text/names';

type Action = (app: AppState) => void;

const WITH_COMMAND: Record<string, Action> = {
  KeyD: (app) => void app.story.bookmark(),
  KeyS: (app) => app.keep(),
  BracketLeft: (app) => app.frame.toggleStage(),
  BracketRight: (app) => app.frame.toggleBook(),
  Digit1: (app) => focusPane(app, 'stage'),
  Digit2: (app) => focusPane(app, 'talk'),
  Digit3: (app) => focusPane(app, 'book'),
  KeyK: (app) => (app.frame.paletteOpen = !app.frame.paletteOpen),
  KeyF: (app) => find(app),
  Comma: (app) => app.frame.openSettings(),
};

/** Again with the finder open: into its field. */
function find(app: AppState): void {
  if (!app.rooms.current) return;
  app.frame.reveal('talk');
  app.frame.findOpen = true;
  app.frame.findAsked += 1;
}

function focusPane(app: AppState, pane: 'stage' | 'talk' | 'book'): void {
  app.frame.reveal(pane);
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`#${pane} [role=region], #${pane} [role=log]`)?.focus(),
  );
}

function seatNames(app: AppState): string[] {
  return app.stage.value.characters.filter((each) => each.enabled).map((each) => each.name);
}

/** Seat 0 is everybody. */
function addressSeat(app: AppState, seat: number): void {
  const names = seatNames(app);
  const name = names[seat - 1];
  const { text } = app.composer;
  if (seat === 0) app.composer.write(clearAddress(text, names));
  else if (name) app.composer.write(toggleAddress(text, name, names));
  app.composer.focus();
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** Whether something lies over the table that has its own Esc. */
const covered = (): boolean => document.querySelector('[role=dialog]') !== null;

/** A key that nothing under the focus has a use for. */
const free = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !(ctrlKey || metaKey || altKey || typing(target) || covered()) &&
  !(target instanceof HTMLElement && target.closest('button, a, summary, [role=slider]'));

export function handleKey(app: AppState, event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || app.connection.phase !== 'open') return;
  const command = app.platform === 'macos' ? event.metaKey : event.ctrlKey;
  const act = pick(app, event, command);
  if (!act) return;
  event.preventDefault();
  act(app);
}

function pick(app: AppState, event: KeyboardEvent, command: boolean): Action | undefined {
  if (event.code === 'Escape') return escape(app);
  if (event.code === 'Space' && app.aloud.on && free(event)) return (app) => app.aloud.toggle();
  if (event.code === 'F1' || (event.key === '?' && !typing(event.target)))
    return () => (app.frame.keysOpen = true);
  if (event.altKey && !command && /^Digit\d$/u.test(event.code))
    return () => addressSeat(app, Number(event.code.at(-1)));
  if (!command || event.altKey) return undefined;
  if (event.code === 'KeyZ') return typing(event.target) ? undefined : undoing(event.shiftKey);
  if (event.shiftKey) return event.code === 'KeyL' ? (app) => void app.profiles.lock() : undefined;
  return WITH_COMMAND[event.code];
}

/** The newest notice that can be taken back, else the newest deed in the story. */
function undoing(forward: boolean): Action {
  if (forward) return (app) => void app.story.redo();
  return (app) => void (app.notices.undoLast() || app.story.undo());
}

/** One step per press: close what lies on top (done there), stop, leave the editor, clear the addressed seat. */
function escape(app: AppState): Action | undefined {
  if (covered()) return undefined;
  if (app.frame.page !== 'table') return () => (app.frame.page = 'table');
  if (app.frame.findOpen) return () => (app.frame.findOpen = false);
  if (app.frame.drawer && app.frame.stageIsDrawer) return () => (app.frame.drawer = false);
  if (app.table.running) return () => void app.table.stop();
  if (app.aloud.on) return () => app.aloud.stop();
  if (app.voices.auto) return () => void app.voices.stop();
  if (app.story.editing) return () => app.story.cancelEdit();
  if (app.story.directing) return () => void (app.story.directing = '');
  const { text } = app.composer;
  const bare = clearAddress(text, seatNames(app));
  return bare === text ? undefined : () => app.composer.write(bare);
}
