/** What the way of talking rules out, as the prompt will have it. */
import type { Stage } from '../../bridge/protocol.gen';

/** With nobody seated there is nobody to chat with: it is a table. */
const held = (stage: Stage): Stage['conversation'] =>
  stage.characters.some((each) => each.enabled) ? stage.conversation : 'table';

/** Plain talk: no narration and no choices of the AI's. */
export const chatting = (stage: Stage): boolean =>
  held(stage) === 'group_chat' || held(stage) === 'one_to_one_chat';

/** Where the AI does not narrate it asks for no rolls. */
export const noDice = (stage: Stage): boolean => chatting(stage) || stage.narrator.kind !== 'ai';

/** Why no choices can be offered; `null` if they can. */
export function noChoices(stage: Stage): 'chat' | 'direct' | 'me' | null {
  if (chatting(stage)) return 'chat';
  if (stage.narrator.kind === 'me') return 'me';
  return stage.narrator.kind === 'ai' && stage.narrator.drive === 'direct' ? 'direct' : null;
}
