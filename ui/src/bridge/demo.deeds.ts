/** What can be done to the demo's story: edits, alternatives, branches, slots, undo. */
import type { DemoTree } from './demo.tree';
import { noUsage } from './demo.usage';
import type {
  ActCode,
  AnyEvent,
  Author,
  Message,
  MethodName,
  Methods,
  Path,
  Room,
  Turn,
} from './protocol.gen';

type StoryMethod = Extract<
  MethodName,
  | `message.${'edit' | 'versions' | 'delete' | 'hide' | 'switch' | 'continue'}`
  | `branch.${string}`
  | `slot.${string}`
  | `history.${string}`
  | 'room.clear'
  | 'session.reset'
  | 'turn.again'
  | 'turn.continue'
>;

/** What the deeds need of the room they are done in. */
export interface Stand {
  room: Room;
  tree: DemoTree;
  last: Turn | null;
}

interface Host {
  /** Refuses while an answer is being written. */
  at(roomId: string): Stand;
  /** Where a message or a branch or a slot is. */
  holding(id: string): Stand;
  emit(...events: AnyEvent[]): void;
  /** Brings the room's own counts in line with its path. */
  settle(stand: Stand): Room;
  play(roomId: string, more?: { author: Author; onto: Message }): Turn;
}

const PAGE = 60;

export type StoryHandlers = {
  [M in StoryMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

export function storyHandlers(host: Host): StoryHandlers {
  function path(stand: Stand): Path {
    const messages = stand.tree.path();
    const room = host.settle(stand);
    const found: Path = {
      room,
      messages: messages.slice(-PAGE),
      has_more: messages.length > PAGE,
      last_turn: stand.last,
    };
    const usage = stand.last ? null : noUsage(room.id);
    host.emit({ type: 'path_changed', ...found, usage });
    return found;
  }

  function told(stand: Stand): void {
    host.emit({
      type: 'history_changed',
      room_id: stand.room.id,
      undo: stand.tree.undoCode,
      redo: stand.tree.redoCode,
    });
  }

  /** Does something that can be undone. */
  function act<T>(stand: Stand, code: ActCode, deed: () => T): T {
    stand.tree.act(code);
    const outcome = deed();
    told(stand);
    return outcome;
  }

  function changed(stand: Stand, message: Message): Message {
    host.settle(stand);
    host.emit({ type: 'message_changed', message });
    return message;
  }

  function swap(roomId: string, step: 'undo' | 'redo') {
    const stand = host.at(roomId);
    const code = stand.tree[step]();
    if (code) {
      path(stand);
      told(stand);
    }
    return { code, room: stand.room };
  }

  const slots = (stand: Stand) => ({ slots: stand.tree.slots });

  return {
    'message.edit': ({ message_id, text }) => {
      const stand = host.holding(message_id);
      return act(stand, 'edit', () =>
        changed(stand, stand.tree.change(message_id, { text, edited_at: Date.now() })),
      );
    },
    'message.versions': ({ message_id }) => ({
      message: host.holding(message_id).tree.get(message_id),
      earlier: [],
    }),
    'message.delete': ({ message_id, and_below }) => {
      const stand = host.holding(message_id);
      return act(stand, and_below ? 'delete_below' : 'delete', () => {
        stand.tree.remove(message_id, and_below ?? false);
        if (and_below) return path(stand).room;
        host.emit({ type: 'message_removed', room_id: stand.room.id, message_id });
        return host.settle(stand);
      });
    },
    'message.hide': ({ message_id, hidden }) => {
      const stand = host.holding(message_id);
      return act(stand, hidden ? 'hide' : 'show', () =>
        changed(stand, stand.tree.change(message_id, { hidden })),
      );
    },
    'message.switch': ({ message_id, to }) => {
      const stand = host.holding(message_id);
      return act(stand, 'switch', () => {
        stand.tree.switchTo(message_id, to);
        return path(stand);
      });
    },
    'message.continue': ({ message_id }) => {
      const stand = host.holding(message_id);
      return act(stand, 'continue', () => {
        const onto = stand.tree.get(message_id);
        return { message: null, turn: host.play(stand.room.id, { author: onto.author, onto }) };
      });
    },
    'turn.continue': ({ room_id }) => ({
      message: null,
      turn: host.play(host.at(room_id).room.id),
    }),
    'turn.again': ({ room_id, message_id }) => {
      const stand = host.at(room_id);
      const all = stand.tree.path();
      const chosen = all.find((each) => each.id === message_id) ?? all.at(-1);
      const line = all.findLast(
        (each) => each.author.kind === 'user' && each.position <= (chosen?.position ?? 0),
      );
      const after = line?.position ?? 0;
      if (all.some((each) => each.position > after))
        act(stand, 'again', () => {
          stand.tree.fork(after, 'alternative');
          return path(stand);
        });
      return { message: null, turn: host.play(room_id) };
    },
    'branch.tree': ({ room_id }) => host.at(room_id).tree.tree(),
    'branch.fork': ({ message_id, name }) => {
      const stand = host.holding(message_id);
      return act(stand, 'fork', () => {
        stand.tree.fork(stand.tree.get(message_id).position, 'slot', name);
        return path(stand);
      });
    },
    'branch.go': ({ branch_id }) => {
      const stand = host.holding(branch_id);
      return act(stand, 'go', () => {
        stand.tree.go(branch_id);
        return path(stand);
      });
    },
    'branch.back': ({ message_id }) => {
      const stand = host.holding(message_id);
      return act(stand, 'back', () => {
        stand.tree.fork(stand.tree.get(message_id).position, 'alternative');
        return path(stand);
      });
    },
    'branch.name': ({ branch_id, name }) => {
      const stand = host.holding(branch_id);
      return act(stand, 'branch_name', () => {
        stand.tree.name(branch_id, name);
        return stand.tree.tree();
      });
    },
    'branch.delete': ({ branch_id }) => {
      const stand = host.holding(branch_id);
      return act(stand, 'branch_delete', () => {
        stand.tree.delete(branch_id);
        return stand.tree.tree();
      });
    },
    'slot.list': ({ room_id }) => slots(host.at(room_id)),
    'slot.save': ({ room_id, name }) => {
      const stand = host.at(room_id);
      return act(stand, 'slot_save', () => {
        stand.tree.saveSlot(name);
        return slots(stand);
      });
    },
    'slot.go': ({ slot_id }) => {
      const stand = host.holding(slot_id);
      return act(stand, 'go', () => {
        stand.tree.goToSlot(slot_id);
        return path(stand);
      });
    },
    'slot.name': ({ slot_id, name }) => {
      const stand = host.holding(slot_id);
      return act(stand, 'slot_name', () => {
        stand.tree.nameSlot(slot_id, name);
        return slots(stand);
      });
    },
    'slot.delete': ({ slot_id }) => {
      const stand = host.holding(slot_id);
      return act(stand, 'slot_delete', () => {
        stand.tree.deleteSlot(slot_id);
        return slots(stand);
      });
    },
    'history.state': ({ room_id }) => {
      const { tree } = host.at(room_id);
      return { undo: tree.undoCode, redo: tree.redoCode };
    },
    'history.undo': ({ room_id }) => swap(room_id, 'undo'),
    'history.redo': ({ room_id }) => swap(room_id, 'redo'),
    'room.clear': ({ room_id }) => {
      const stand = host.at(room_id);
      return act(stand, 'clear', () => {
        stand.tree.saveSlot('', 'clear');
        stand.tree.clear();
        stand.last = null;
        return path(stand);
      });
    },
    'session.reset': () => ({ count: 1 }),
  };
}
