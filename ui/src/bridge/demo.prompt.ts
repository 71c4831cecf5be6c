/** The demo's prompts, lore and summaries: what a page can be drawn with. */
import { CallFailed, pageProblem } from './bridge';
import type {
  AnyEvent,
  LoreReason,
  MethodName,
  Methods,
  Room,
  Summary,
  SummaryState,
} from './protocol.gen';

type PromptMethod = Extract<MethodName, 'turn.prompt' | 'lore.test' | `summary.${string}`>;

/** Of Korean text, about. */
const TOKENS_A_CHARACTER = 0.6;

export type PromptHandlers = {
  [M in PromptMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

export interface Rooms {
  at: (roomId: string) => Room;
  /** The line and the answer of a turn. */
  texts: (turnId: string) => string[];
  emit: (...events: AnyEvent[]) => void;
}

export function promptHandlers(rooms: Rooms): PromptHandlers {
  const kept = new Map<string, Summary>();
  const state = (room_id: string): SummaryState => ({
    room_id: rooms.at(room_id).id,
    summary: kept.get(room_id) ?? null,
    fallen: 0,
    first_seen_id: '',
    making: false,
    problem: null,
  });
  const told = (room_id: string): SummaryState => {
    const now = state(room_id);
    rooms.emit({ type: 'summary_changed', state: now });
    return now;
  };
  return {
    'turn.prompt': ({ turn_id }) => ({
      turn_id,
      exactness: 'exact',
      provider: 'storyteller',
      model: '',
      went_on: false,
      sections: rooms.texts(turn_id).map((text) => ({
        kind: 'history',
        place: 'user',
        reason_code: 'history.whole',
        text,
        characters: text.length,
        name: '',
      })),
      omissions: [],
      lore: [],
      first_message_id: '',
    }),
    'lore.test': ({ text, book }) => {
      const reasons = (book?.entries ?? []).map((entry): LoreReason => {
        const on = entry.enabled ?? true;
        const always = on && entry.constant;
        const key = on && (entry.keys ?? []).find((each) => each && text.includes(each));
        const fires = always || key;
        return {
          book: '',
          book_name: book?.name ?? '',
          entry_id: entry.id,
          name: entry.name || entry.keys?.[0] || entry.id,
          cause: always ? 'constant' : key ? 'key' : null,
          obstacle: fires ? null : on ? 'no_key' : 'disabled',
          key: key || '',
          secondary: [],
          message_id: '',
          by_entry: '',
          turns: 0,
          tokens: fires ? Math.ceil((entry.content ?? '').length * TOKENS_A_CHARACTER) : 0,
        };
      });
      const tokens = reasons.reduce((sum, { tokens }) => sum + tokens, 0);
      return { reasons, tokens, unread: [] };
    },
    'summary.read': ({ room_id }) => state(room_id),
    'summary.make': () => {
      throw new CallFailed(pageProblem('nothing_to_say'));
    },
    'summary.stop': ({ room_id }) => state(room_id),
    'summary.save': ({ room_id, text }) => {
      kept.set(room_id, {
        id: `summary-${room_id}`,
        room_id,
        upto_id: '',
        upto: 0,
        text,
        by: '',
        model: '',
        stale: false,
        created_at: Date.now(),
      });
      return told(room_id);
    },
    'summary.delete': ({ room_id }) => {
      kept.delete(room_id);
      return told(room_id);
    },
  };
}
