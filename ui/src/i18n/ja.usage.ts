/** Japanese for what the AIs of a room have used. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('ja');
const n = (value: number): string => number.format(value);

export const usage: Catalogue['usage'] = {
  title: 'この部屋のトークン',
  label: (percent, level) => `コンテキスト使用量 ${n(percent)}%、${level}`,
  tip: (last, all) => `直前 ${n(last)} · これまで ${n(all)}`,
  short: (all) => `トークン ${n(all)}`,
  none: 'トークン情報なし',
  noneHint: 'このAIは使ったトークンを知らせません。',
  notYet: 'まだトークンを使っていません。',
  low: '余裕',
  half: '半分超',
  full: 'ほぼ満杯',
  of: (used, all) => `${n(all)}のうち${n(used)}`,
  noWindow: 'このモデルがどれだけ覚えられるかは分かっていません。',
  input: '入力',
  output: '出力',
  cacheRead: 'キャッシュ読み',
  cacheWrite: 'キャッシュ書き',
  reasoning: '出力のうち思考',
  last: '直前のトークン',
  total: 'これまで',
  today: '今日',
  everywhere: '今日、全部の部屋',
  cost: '費用',
  partOfCost: (priced, turns) => `費用（${n(turns)}ターンのうち${n(priced)}ターン）`,
  reported: 'AIが知らせた数です。',
  estimated: (count, turns) =>
    `${n(turns)}ターンのうち${n(count)}ターンは、AIが知らせなかったのでおおよその数です。`,
  about: (count) => `約${count}`,
  speakers: '人物ごと',
  ways: 'AIごと',
  narrator: '進行役',
  nobody: '言葉のないターンとあらすじ',
  sharing: '一つのターンで何人も話したときは、言葉の長さで分けます。',
  lede: '全部の部屋のAIが使ったトークンです。空にした会話や消した言葉の分も入っています。',
  rooms: '部屋ごと',
  allRooms: '全部の部屋',
  defaultModel: '既定のモデル',
  hint: '50%から「半分超」、80%から「ほぼ満杯」。会話を空にすると0から数え直します。',
};
