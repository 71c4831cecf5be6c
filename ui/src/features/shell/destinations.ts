/** The pages beside the table, in the order of the rail and of the menu of a narrow window. */
import Archive from '@lucide/svelte/icons/archive';
import BookMarked from '@lucide/svelte/icons/book-marked';
import GitFork from '@lucide/svelte/icons/git-fork';
import LibraryBig from '@lucide/svelte/icons/library';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import type { Component } from 'svelte';
import { t } from '../../i18n/index.svelte';
import type { AppState } from '../../state/app.svelte';
import type { Page } from '../../state/frame.svelte';

export interface Destination {
  page: Page;
  label: string;
  Icon: Component<{ class?: string }>;
  /** Said behind the label where there is room. */
  note?: string;
}

export function destinations(app: AppState): Destination[] {
  return [
    { page: 'table', label: t().nav.table, Icon: MessagesSquare },
    {
      page: 'rooms',
      label: t().pages.shelf.title,
      Icon: LibraryBig,
      note: t().pages.rooms(app.rooms.shelf.length),
    },
    ...(app.rooms.current
      ? [{ page: 'branches' as const, label: t().nav.branches, Icon: GitFork }]
      : []),
    { page: 'library', label: t().library.nav, Icon: BookMarked },
    { page: 'lore', label: t().lore.title, Icon: ScrollText },
    { page: 'backup', label: t().backup.title, Icon: Archive },
  ];
}
