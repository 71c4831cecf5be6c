import { expect, it } from 'vitest';
import { splitChoices } from '../../src/text/choices';

it('finds lettered and numbered choices at the end', () => {
  expect(splitChoices('문이 열린다.\n\nA) 들어간다\nB) **돌아선다**')).toEqual({
    body: '문이 열린다.',
    choices: [
      { mark: 'A', text: '들어간다' },
      { mark: 'B', text: '돌아선다' },
    ],
  });
  expect(splitChoices('무엇을 할까\n1. 뛴다\n2. 숨는다').choices).toHaveLength(2);
});

it('takes no list in the middle, no single line and no list out of order for choices', () => {
  for (const text of [
    '1. 하나\n2. 둘\n그리고 끝.',
    '끝\nA) 하나뿐',
    '끝\nA) 하나\nC) 셋',
    '1984. 그 해',
  ])
    expect(splitChoices(text)).toEqual({ body: text, choices: [] });
});
