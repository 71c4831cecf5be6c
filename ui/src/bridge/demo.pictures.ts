/** Pictures in the demo: a page alone unpacks nothing, so whoever is chosen is always the same. */
import { CallFailed, pageProblem } from './bridge';
import type { MethodName, Methods } from './protocol.gen';

type PictureMethod = Extract<MethodName, `picture.${string}`>;

export type PictureHandlers = {
  [M in PictureMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

const SIZE = { width: 300, height: 400 };
const ID = 'd'.repeat(32);

const portrait = (view: string): string =>
  'data:image/svg+xml,' +
  encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" width="300"` +
      ' preserveAspectRatio="none"><path fill="#b9d3c6" d="M0 0h300v400H0z"/>' +
      '<path fill="#31507a" d="M50 400c0-110 40-140 100-140s100 30 100 140z"/>' +
      '<circle cx="150" cy="165" r="75" fill="#f0d2b0"/>' +
      '<path fill="#4a3326" d="M70 165a80 85 0 0 1 160 0c-50-50-110-50-160 0z"/></svg>',
  );

let cut = portrait('0 0 300 300');

export const pictureHandlers: PictureHandlers = {
  'picture.choose': () => ({ token: 'demo', ...SIZE, preview: portrait('0 0 300 400') }),
  'picture.drop': () => {
    throw new CallFailed(pageProblem('bad_file', { detail: 'not_known' }));
  },
  'picture.crop': ({ x, y, side }) => {
    cut = portrait(`${x} ${y} ${side} ${side}`);
    return { id: ID, source: cut };
  },
  'picture.let_go': () => ({}),
  'picture.read': ({ ids }) => ({
    pictures: ids.filter((id) => id === ID).map((id) => ({ id, source: cut })),
  }),
};
