/** Everything the palette can do, in the words of the language that is shown. */
import { t } from '../../i18n/index.svelte';
import type { AppState } from '../../state/app.svelte';
import { keyOf } from '../../state/library_draft.svelte';
import type { Command } from './entries';

export function commands(app: AppState): Command[] {
  const { frame, settings, stage, table } = app;
  const mod = app.platform === 'macos' ? '⌘' : 'Ctrl ';
  const words = t().pages.palette.do;
  const inRoom: Command[] = [
    {
      id: 'find',
      label: t().pages.find.label,
      keys: `${mod}F`,
      act: () => {
        frame.reveal('talk');
        frame.findOpen = true;
      },
    },
    {
      id: 'character',
      label: words.newCharacter,
      act: () => frame.revealSection('new-character'),
    },
    {
      id: 'calendar',
      label: t().back.title,
      act: () => app.rooms.current && void app.lookingBack.show(app.rooms.current),
    },
    { id: 'situation', label: words.situation, act: () => frame.revealSection('situation') },
    { id: 'model', label: words.model, act: () => frame.revealSection('ai') },
    { id: 'branches', label: words.branches, act: () => (frame.page = 'branches') },
    { id: 'save', label: t().stage.save, keys: `${mod}S`, act: () => void stage.save() },
    ...(table.busy || table.utterances.length === 0
      ? []
      : [{ id: 'again', label: words.again, act: () => void app.story.again() }]),
    ...(table.lastTurn
      ? [
          {
            id: 'prompt',
            label: t().prompt.palette,
            act: () => void app.prompting.show(table.lastTurn?.id ?? ''),
          },
        ]
      : []),
    {
      id: 'stage',
      label: t().nav.foldStage,
      keys: `${mod}[`,
      act: () => frame.toggleStage(),
    },
    { id: 'book', label: t().nav.foldBook, keys: `${mod}]`, act: () => frame.toggleBook() },
  ];
  return [
    { id: 'room', label: words.newRoom, act: () => (frame.newRoomOpen = true) },
    ...app.library
      .of('preset')
      .filter((each) => !each.problem)
      .map((each) => ({
        id: `room-from-${keyOf(each)}`,
        label: words.newRoomFrom(each.name),
        act: () => {
          frame.newRoomFrom = keyOf(each);
          frame.newRoomOpen = true;
        },
      })),
    ...(app.rooms.current ? inRoom : []),
    { id: 'library', label: t().library.openPage, act: () => (frame.page = 'library') },
    { id: 'lore', label: t().lore.title, act: () => (frame.page = 'lore') },
    { id: 'rules', label: t().pages.prefs.rules, act: () => frame.openSettings('rules') },
    { id: 'backup', label: t().backup.open, act: () => (frame.page = 'backup') },
    {
      id: 'import',
      label: t().backup.import.title,
      act: () => {
        frame.page = 'backup';
        void app.importing.choose();
      },
    },
    { id: 'welcome', label: t().welcome.open, act: () => (frame.page = 'welcome') },
    { id: 'shelf', label: words.shelf, act: () => (frame.page = 'rooms') },
    {
      id: 'theme',
      label: words.theme,
      act: () => void settings.change({ theme: settings.theme === 'dark' ? 'light' : 'dark' }),
    },
    {
      id: 'settings',
      label: t().settings.title,
      keys: `${mod},`,
      act: () => frame.openSettings(),
    },
    { id: 'connect', label: t().pages.prefs.ai, act: () => frame.openSettings('ai') },
    { id: 'keys', label: t().pages.keys.all, keys: 'F1', act: () => (frame.keysOpen = true) },
  ];
}
