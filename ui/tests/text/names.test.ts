import { expect, it } from 'vitest';
import {
  clearAddress,
  countCharacters,
  isAddressed,
  opening,
  sealLetter,
  toggleAddress,
} from '../../src/text/names';

it('carves the first letter or number', () => {
  expect(['도이레', '“달”', 'luna', '👩‍👩‍👧 가족', '…', ''].map(sealLetter)).toEqual([
    '도',
    '달',
    'L',
    '가',
    '',
    '',
  ]);
});

it('addresses one person at a time and takes it back', () => {
  const all = ['윤슬', '도이레'];
  const one = toggleAddress('안녕', '윤슬', all);
  expect(isAddressed(one, '윤슬')).toBe(true);
  const other = toggleAddress(one, '도이레', all);
  expect(isAddressed(other, '윤슬')).toBe(false);
  expect(toggleAddress(other, '도이레', all)).toBe('안녕');
  expect(clearAddress(other, all)).toBe('안녕');
});

it('counts what a reader sees', () => {
  expect(countCharacters('*웃는다.* 그래\n응')).toBe(8);
});

it('shows the first sentence of a long text', () => {
  expect(opening('막배가 끊긴 밤, 우체국. 편지 한 통.')).toBe('막배가 끊긴 밤, 우체국');
  expect(opening('3.5미터 아래\n둘째 줄')).toBe('3.5미터 아래');
  expect(opening('  ')).toBe('');
});
