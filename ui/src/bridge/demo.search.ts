/** Searching in the demo: plain words, as they stand. */
import type { Message, Methods, Room } from './protocol.gen';

type SearchMethod = 'search.find' | 'message.around';

export type SearchHandlers = {
  [M in SearchMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

export function searchHandlers(shown: () => { room: Room; path: Message[] }[]): SearchHandlers {
  return {
    'search.find': ({ text, room_id, limit = 30 }) => {
      const words = text.trim();
      const rooms = shown().filter(({ room }) => !room_id || room.id === room_id);
      const all = rooms.flatMap(({ path }) => path).filter((each) => each.text.includes(words));
      const hits = (words ? all : [])
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
            spans: [[from - start, from - start + [...words].length]] as [number, number][],
          };
        });
      const found = rooms.filter(({ room }) => hits.some((hit) => hit.room_id === room.id));
      return {
        hits,
        before: null,
        rooms: found.map(({ room }) => ({ id: room.id, title: room.title })),
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
