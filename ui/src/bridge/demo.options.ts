/** How the demo begins. */
import type { Problem, Settings } from './protocol.gen';

export interface DemoOptions {
  /** How long the storyteller takes for one syllable, in milliseconds. */
  paceMs?: number;
  /** Ends every turn with this problem instead of an answer. */
  problem?: Problem['code'];
  /** How many messages stood in the room before. */
  history?: number;
  settings?: Partial<Settings>;
  /** Begin at the door of a locked profile; its password is `lamplight`. */
  locked?: boolean;
  /** Begin as on the very first start. */
  first?: boolean;
}
