/** Japanese for the ways back into a long story. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('ja');
const n = (value: number): string => number.format(value);

export const back: Catalogue['back'] = {
  title: '日付で探す',
  earlier: '前の月',
  later: '次の月',
  day: (date, count) => `${date}、発言${n(count)}件`,
  type: '日付を入力してEnter',
  hint: '日を選ぶと、その日の最初の発言へ移ります。濃い日ほど多く語られています。',
  used: 'この部屋で使われた所',
  unused: 'この部屋の答えでは、まだ使われていません。',
  profile: (name) => (name ? `プロフィールとロック：${name}` : 'プロフィールとロック'),
  filter: {
    who: '話した人',
    anyone: 'すべての人',
    dice: 'ダイスの判定',
    since: 'この日から',
    until: 'この日まで',
    clear: '絞り込みをやめる',
  },
};
