/** What can be done with a message, told once for the tool bar, the sheet and the keyboard. */
import BookMarked from '@lucide/svelte/icons/book-marked';
import Bookmark from '@lucide/svelte/icons/bookmark';
import Copy from '@lucide/svelte/icons/copy';
import Eye from '@lucide/svelte/icons/eye';
import EyeOff from '@lucide/svelte/icons/eye-off';
import GitFork from '@lucide/svelte/icons/git-fork';
import Pencil from '@lucide/svelte/icons/pencil';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Redo from '@lucide/svelte/icons/redo';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Route from '@lucide/svelte/icons/route';
import Trash2 from '@lucide/svelte/icons/trash-2';
import Undo2 from '@lucide/svelte/icons/undo-2';
import Volume2 from '@lucide/svelte/icons/volume-2';
import type { Component } from 'svelte';
import { t } from '../../i18n/index.svelte';
import type { AppState } from '../../state/app.svelte';
import type { Utterance } from '../../state/utterance.svelte';
import { copyText } from '../../text/clipboard';

export interface Deed {
  id: string;
  label: string;
  Icon: Component<{ class?: string }>;
  /** The letter on the key, and where that key is whatever the layout. */
  key: string;
  code: string;
  /** What the same key and button do with Shift held. */
  shift?: Deed;
  danger?: boolean;
  run: () => unknown;
}

/** Three groups, as they are drawn: the text, what is around it, the end of it. */
export function deedsOf(app: AppState, utterance: Utterance): [Deed[], Deed[], Deed[]] {
  const { story, notices } = app;
  const { message } = utterance;
  const { id, hidden } = message;
  const words = t().story;
  const mine = message.author.kind === 'user';
  return [
    [
      { id: 'edit', label: words.edit, Icon: Pencil, ...key('E'), run: () => story.edit(id) },
      {
        id: 'again',
        label: mine ? words.resend : words.again,
        Icon: RefreshCw,
        ...key('R'),
        run: () => story.again(id),
        shift: directing(app, id),
      },
      {
        id: 'fork',
        label: words.fork,
        Icon: GitFork,
        ...key('B'),
        run: () => story.fork(id),
      },
    ],
    [
      {
        id: 'copy',
        label: t().common.copy,
        Icon: Copy,
        ...key('C'),
        run: async () =>
          notices.show({ kind: (await copyText(utterance.text)) ? 'copied' : 'copy_failed' }),
      },
      {
        id: 'aloud',
        label: t().aloud.read,
        Icon: Volume2,
        ...key('L'),
        run: () => app.aloud.play(id),
        shift: readingOn(app, id),
      },
      {
        id: 'hide',
        label: hidden ? words.show : words.hide,
        Icon: hidden ? Eye : EyeOff,
        ...key('H'),
        run: () => story.hide(id, !hidden),
      },
    ],
    [
      {
        id: 'remove',
        label: words.remove,
        Icon: Trash2,
        key: 'Del',
        code: 'Delete',
        danger: true,
        run: () => story.remove(id),
        shift: {
          id: 'remove-below',
          label: words.removeBelow,
          Icon: Trash2,
          key: '',
          code: '',
          danger: true,
          run: () => story.remove(id, true),
        },
      },
    ],
  ];
}

/** What only the sheet has room for. */
export function moreDeeds(app: AppState, utterance: Utterance): Deed[] {
  const { story, table } = app;
  const { message } = utterance;
  const last = table.last?.id === message.id;
  const words = t().story;
  const plain = { key: '', code: '' };
  return [
    directing(app, message.id),
    readingOn(app, message.id),
    {
      id: 'chapter',
      label: t().book.newChapter,
      Icon: BookMarked,
      ...plain,
      run: () => {
        app.frame.reveal('book');
        return app.book.addChapter(message.id);
      },
    },
    ...(message.turn_id && ['character', 'narrator'].includes(message.author.kind)
      ? [
          {
            id: 'prompt',
            label: t().prompt.open,
            Icon: ScrollText,
            ...plain,
            run: () => app.prompting.show(message.turn_id),
          },
        ]
      : []),
    ...(last && message.author.kind !== 'user'
      ? [{ id: 'go-on', label: words.goOn, Icon: Redo, ...plain, run: () => story.goOn() }]
      : []),
    ...(last
      ? [
          {
            id: 'bookmark',
            label: words.bookmark,
            Icon: Bookmark,
            ...plain,
            run: () => story.bookmark(),
          },
        ]
      : [
          {
            id: 'back',
            label: words.back,
            Icon: Undo2,
            ...plain,
            run: () => story.back(message.id),
          },
        ]),
  ];
}

const key = (letter: string): { key: string; code: string } => ({
  key: letter,
  code: `Key${letter}`,
});

const readingOn = (app: AppState, id: string): Deed => ({
  id: 'aloud-on',
  label: t().aloud.readOn,
  Icon: Volume2,
  key: '',
  code: '',
  run: () => app.aloud.play(id, true),
});

const directing = (app: AppState, id: string): Deed => ({
  id: 'direct',
  label: t().story.direct,
  Icon: Route,
  key: '',
  code: '',
  run: () => (app.story.directing = id),
});
