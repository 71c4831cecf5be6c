/** Character cards in the demo: a page alone has no files, so nobody is ever chosen. */
import { CallFailed, pageProblem } from './bridge';
import { pictureHandlers, type PictureHandlers } from './demo.pictures';
import type { CardTaken, MethodName, Methods } from './protocol.gen';

type CardMethod = Extract<MethodName, `card.${string}`>;

type CardHandlers = {
  [M in CardMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

const NOBODY: CardTaken = {
  character: null,
  situation: '',
  book_file: '',
  book_name: '',
  lines: [],
};

export const cardHandlers: CardHandlers & PictureHandlers = {
  ...pictureHandlers,
  'card.choose': () => NOBODY,
  'card.paste': () => {
    throw new CallFailed(pageProblem('bad_file'));
  },
  'card.save': () => ({ file: '' }),
  'card.copy': ({ character }) => ({
    text: JSON.stringify({ kind: 'character', data: { name: character.name } }),
  }),
};
