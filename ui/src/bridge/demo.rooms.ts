/** The demo's shelf: putting away, throwing away for good, copying, ordering. */
import { CallFailed, pageProblem } from './bridge';
import type { MethodName, Methods, Room, RoomView } from './protocol.gen';

type ShelfMethod =
  | 'room.list'
  | 'room.order'
  | 'room.archive'
  | 'room.unarchive'
  | 'room.duplicate'
  | 'room.delete_forever';
type Shelf = {
  [M in ShelfMethod & MethodName]: (params: Methods[M]['params']) => Methods[M]['result'];
};

export interface RoomShelfOf {
  all: () => Room[];
  change: (id: string, part: Partial<Room>) => Room;
  /** A new room with this one's stage, and with its story if asked for. */
  copy: (id: string, title: string, withStory: boolean) => RoomView;
  drop: (id: string) => void;
}

const shelfOf = (room: Room): string =>
  room.trashed_at !== null ? 'trashed' : room.archived_at !== null ? 'archived' : 'active';

export function shelfHandlers(rooms: RoomShelfOf): Shelf {
  const listed = (which: string, query = ''): Room[] =>
    rooms.all().filter((room) => shelfOf(room) === which && room.title.includes(query));
  return {
    'room.list': ({ which = 'active', query }) => ({ rooms: listed(which, query) }),
    'room.order': ({ room_ids }) => {
      room_ids.forEach((id, at) => rooms.change(id, { sort_order: at + 1 }));
      return { rooms: listed('active') };
    },
    'room.archive': ({ room_id }) => rooms.change(room_id, { archived_at: Date.now() }),
    'room.unarchive': ({ room_id }) => rooms.change(room_id, { archived_at: null }),
    'room.duplicate': ({ room_id, title, with_story }) =>
      rooms.copy(room_id, title, with_story ?? false),
    'room.delete_forever': ({ room_id }) => {
      const found = rooms.all().find((room) => room.id === room_id);
      if (!found || found.trashed_at === null) throw new CallFailed(pageProblem('not_found'));
      rooms.drop(room_id);
      return {};
    },
  };
}
