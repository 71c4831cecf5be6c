/** Turns that come by themselves: the demo's table answers together, so none do here. */
import type { MethodName, Methods } from './protocol.gen';

type AutoMethod = Extract<MethodName, `auto.${string}` | `voice.${string}`>;

export function autoHandlers(): {
  [M in AutoMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
} {
  return {
    'auto.start': () => ({}),
    'auto.stop': () => ({}),
    'voice.choose': () => ({}),
  };
}
