/** Pictures in the demo: a page alone opens no dialog and unpacks nothing, so people stay seals. */
import { CallFailed, pageProblem } from './bridge';
import type { MethodName, Methods } from './protocol.gen';

type PictureMethod = Extract<MethodName, `picture.${string}`>;

export type PictureHandlers = {
  [M in PictureMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

export const pictureHandlers: PictureHandlers = {
  'picture.choose': () => ({ token: '', width: 0, height: 0, preview: '' }),
  'picture.drop': () => {
    throw new CallFailed(pageProblem('bad_file', { detail: 'not_known' }));
  },
  'picture.crop': () => {
    throw new CallFailed(pageProblem('not_found', { field: 'token' }));
  },
  'picture.let_go': () => ({}),
  'picture.read': () => ({ pictures: [] }),
};
