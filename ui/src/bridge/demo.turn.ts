/** An answer of the demo at its very beginning. */
import type { Turn } from './protocol.gen';

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
