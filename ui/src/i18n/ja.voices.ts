/** The Japanese words of who speaks next, of turns that come by themselves and of AIs of one's own. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('ja');
const n = (value: number): string => number.format(value);

export const voices: Catalogue['voices'] = {
  answering: '答え方',
  ensemble: 'みんなで',
  single: '一人ずつ',
  answeringHint: {
    ensemble: '一度の返事で何人もが話します。',
    single: '一度に一人だけが話します。ほかの人の秘密は伝えません。',
  },
  nextBy: '次に話す人',
  roundRobin: '席の順',
  mention: '呼ばれた人から',
  auto: 'ひとりでに続ける',
  delay: '間の休み',
  atOnce: 'すぐに',
  seconds: (count) => `${n(count)}秒`,
  limit: '何回まで',
  times: (count) => `${n(count)}回`,
  endless: '制限なし',
  start: 'ひとりでに続ける',
  stop: 'ひとりでに続けるのを止める',
  stopShort: '止める',
  goOn: '次の人が話す',
  going: 'ひとりでに続いています',
  count: (count, limit) => (limit === null ? n(count) : `${n(count)} / ${n(limit)}`),
  soon: (name) => `まもなく${name}`,
  choose: (name) => `次は${name}`,
  ended: {
    limit: '決めた回数まで続けました。',
    addressed: 'あなたが呼ばれました。答える番です。',
    problem: '問題が起きて止まりました。',
    restaged: '話す人が変わったので止まりました。',
  },
  ownAi: 'この人のAI',
  ownAiNarrator: '進行役のAI',
  roomAi: (name) => `部屋と同じ · ${name}`,
  ownAiHint: '別のAIを選ぶと、そのAIがこの人だけを受け持って順に答えます。',
  by: (name) => `${name}が回答`,
};
