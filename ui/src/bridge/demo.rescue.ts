/** A damaged file in the demo: nothing is broken there, so there is nothing to be rescued. */
import { CallFailed, pageProblem } from './bridge';
import type { MethodName, Methods } from './protocol.gen';

type RescueMethod = Extract<MethodName, `rescue.${string}`>;

const nothing = (): never => {
  throw new CallFailed(pageProblem('invalid_request', { field: 'profile' }));
};

export const rescueHandlers: {
  [M in RescueMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
} = {
  'rescue.look': nothing,
  'rescue.restore': nothing,
  'rescue.salvage': nothing,
  'rescue.fresh': nothing,
};
