/** Searching in the demo: plain words, as they stand. */
import type { Message, Methods, Room } from './protocol.gen';

/** The day in the time zone of the page; Sweden writes `2026-11-22`. */
const dayOf = (at: number): string => new Date(at).toLocaleDateString('sv');

type SearchMethod = 'search.find' | 'message.around' | 'room.days' | 'lore.used';

export type SearchHandlers = {
  [M in SearchMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

export function searchHandlers(shown: () => { room: Room; path: Message[] }[]): SearchHandlers {
  return {
    'search.find': ({ text, room_id, author, kinds = [], since, until, limit = 30 }) => {
      const words = text.trim();
      const rooms = shown().filter(({ room }) => !room_id || room.id === room_id);
      const all = rooms
        .flatMap(({ path }) => path)
        .filter((each) => each.text.includes(words))
        .filter((each) => !author || each.author.name === author)
        .filter((each) => kinds.length === 0 || kinds.includes(each.author.kind))
        .filter((each) => each.created_at >= (since ?? 0) && each.created_at < (until ?? Infinity));
      const narrow = author || kinds.length > 0 || since || until;
      const hits = (words || narrow ? all : [])
        .sort((a, b) => b.created_at - a.created_at)
        .slice(0, limit)
        .map((each) => {
          const from = [...each.text.slice(0, each.text.indexOf(words))].length;
          const start = Math.max(0, from - 40);
          return {
            message_id: each.id,
            room_id: each.room_id,
            branch_id: each.branch_id,
            position: each.position,
            author: each.author,
            created_at: each.created_at,
            excerpt: [...each.text].slice(start, start + 160).join(''),
            spans: (words ? [[from - start, from - start + [...words].length]] : []) as [
              number,
              number,
            ][],
          };
        });
      const found = rooms.filter(({ room }) => hits.some((hit) => hit.room_id === room.id));
      return {
        hits,
        before: null,
        rooms: found.map(({ room }) => ({ id: room.id, title: room.title })),
      };
    },
    'room.days': ({ room_id }) => {
      const path = shown().find(({ room }) => room.id === room_id)?.path ?? [];
      const days = [...new Set(path.map((each) => dayOf(each.created_at)))].map((day) => {
        const told = path.filter((each) => dayOf(each.created_at) === day);
        return {
          day,
          count: told.length,
          message_id: told[0]?.id ?? '',
          position: told[0]?.position ?? 0,
        };
      });
      return { room_id, days };
    },
    'lore.used': ({ room_id }) => {
      const path = shown().find(({ room }) => room.id === room_id)?.path ?? [];
      return {
        uses: path
          .filter(({ author: { kind } }) => kind === 'character')
          .map((each) => ({
            turn_id: each.id,
            message_id: each.id,
            position: each.position,
            excerpt: [...each.text].slice(0, 120).join(''),
            created_at: each.created_at,
            cause: 'key' as const,
          })),
      };
    },
    'message.around': ({ message_id }) => {
      for (const { room, path } of shown()) {
        const found = path.find((each) => each.id === message_id);
        if (found)
          return {
            room_id: room.id,
            branch_id: room.branch_id,
            on_path: true,
            messages: [found],
            has_older: false,
            has_newer: false,
          };
      }
      throw new Error(message_id);
    },
  };
}
