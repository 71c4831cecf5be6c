/** The book in the demo: chapters kept in memory, texts as plain lines, files nowhere. */
import type { AnyEvent, BookContents, Message, Methods, Room } from './protocol.gen';

type BookMethod =
  | 'book.contents'
  | 'book.page'
  | 'book.text'
  | 'book.chapter_add'
  | 'book.chapter_name'
  | 'book.chapter_delete'
  | 'book.save'
  | 'book.stop';

export type BookHandlers = {
  [M in BookMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

interface Shown {
  room: Room;
  path: Message[];
}

export function bookHandlers(
  shown: () => Shown[],
  emit: (...events: AnyEvent[]) => void,
): BookHandlers {
  const marks = new Map<string, { messageId: string; name: string }>();
  let count = 0;

  const at = (roomId: string): Shown => {
    const found = shown().find(({ room }) => room.id === roomId);
    if (!found) throw new Error(roomId);
    return found;
  };
  const contents = (roomId: string): BookContents => {
    const { room, path } = at(roomId);
    const chapters = path.flatMap((message) =>
      [...marks]
        .filter(([, mark]) => mark.messageId === message.id)
        .map(([id, { name }]) => ({
          id,
          name,
          position: message.position,
          message_id: message.id,
        })),
    );
    const told = path.filter(({ author }) => author.kind !== 'note' && author.kind !== 'dice');
    const whole = told.map(({ text }) => text.replaceAll(/[*\n]/gu, ''));
    return {
      room_id: roomId,
      branch_id: room.branch_id,
      chapters: chapters.map((each, index) => ({ ...each, number: index + 1 })),
      messages: told.length,
      characters: whole.reduce((sum, text) => sum + [...text].length, 0),
      words: whole.reduce((sum, text) => sum + text.split(' ').length, 0),
      count: path.length,
      tip: path.at(-1)?.position ?? 0,
    };
  };
  const changed = (roomId: string): BookContents => {
    const told = contents(roomId);
    emit({ type: 'chapters_changed', room_id: roomId, chapters: told.chapters });
    return told;
  };
  const roomOf = (messageId: string): string =>
    shown().find(({ path }) => path.some(({ id }) => id === messageId))?.room.id ?? '';

  return {
    'book.contents': ({ room_id }) => contents(room_id),
    'book.page': ({ room_id, start, before, limit = 60 }) => {
      const { path } = at(room_id);
      const from =
        typeof start === 'number'
          ? path.findIndex((each) => each.position >= start)
          : Math.max(0, path.filter((each) => each.position < (before ?? Infinity)).length - limit);
      const end =
        typeof before === 'number'
          ? path.filter((each) => each.position < before).length
          : from + limit;
      const messages = from < 0 ? [] : path.slice(from, end);
      return {
        messages,
        first_number: Math.max(0, from) + 1,
        has_older: from > 0,
        has_newer: from >= 0 && from + messages.length < path.length,
      };
    },
    'book.text': ({ room_id }) => ({
      text: at(room_id)
        .path.map(({ text }) => text)
        .join('\n'),
    }),
    'book.chapter_add': ({ message_id, name = '' }) => {
      marks.set(`chapter-${++count}`, { messageId: message_id, name });
      return changed(roomOf(message_id));
    },
    'book.chapter_name': ({ chapter_id, name }) => {
      const mark = marks.get(chapter_id);
      if (mark) mark.name = name;
      return changed(roomOf(mark?.messageId ?? ''));
    },
    'book.chapter_delete': ({ chapter_id }) => {
      const mark = marks.get(chapter_id);
      marks.delete(chapter_id);
      return changed(roomOf(mark?.messageId ?? ''));
    },
    'book.save': () => ({ outcome: 'dismissed', name: '', messages: 0, bytes: 0, at: 0 }),
    'book.stop': () => ({}),
  };
}
