/** A room and an answer of the demo at their very beginning. */
import { STAGE } from './demo.story';
import type { Room, Turn } from './protocol.gen';

export function newRoom(title: string, id: string): Room {
  const now = Date.now();
  return {
    id,
    title,
    stage: {
      ...STAGE,
      world: '',
      situation: '',
      me: { name: '', description: '', picture: '' },
      characters: [],
    },
    branch_id: 'main',
    message_count: 0,
    last_line: '',
    draft: '',
    created_at: now,
    updated_at: now,
    trashed_at: null,
    archived_at: null,
    sort_order: 0,
  };
}

export const newTurn = (id: string, room_id: string, provider: string): Turn => ({
  id,
  room_id,
  provider,
  model: '',
  voice: '',
  following: 0,
  automatic: false,
  outcome: 'running',
  problem: null,
  usage: {
    input: 0,
    cache_read: 0,
    cache_write: 0,
    output: 0,
    reasoning: 0,
    cost_usd: null,
    context_window: null,
    source: 'none',
  },
  first_text_ms: null,
  total_ms: null,
  started_at: Date.now(),
});
