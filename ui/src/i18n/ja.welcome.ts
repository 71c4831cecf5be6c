/** The Japanese words of the first page. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('ja');

export const welcome: Catalogue['welcome'] = {
  open: '場面から始める',
  title: ['物語の卓に', '席をご用意しました。'],
  lede: 'ひとつの卓に何人もの人物を座らせ、話しかけると物語が積もります。記録はすべてこのパソコンだけに残ります。',
  players: '人物を演じるAI',
  otherWays: '鍵やサーバーでつなぐ',
  practice: 'AIではありません。インストールもログインもなしで試せます。',
  state: {
    ready: 'すぐに使えます。',
    installed: 'インストール済みです。ログインしているかは話しかけるとわかります。',
    signed_out: 'インストール済みです。ターミナルでログインすると、すぐ使えるようになります。',
    not_installed: '下のコマンドをターミナルに貼り付けてください。終わると自動で気づきます。',
    unsafe: 'ツールを止められない版なので使いません。新しい版を入れてください。',
    checking: '探しています。',
    unknown: 'まだ探していません。',
  },
  safe: '選んだAIにだけ話しかけます。アカウントを別に作ることはありません。',
  scenes: '最初の場面',
  changeable: 'あとからいくらでも変えられます',
  cast: (count: number) => `${number.format(count)}人`,
  narrator: { ai: 'AIが進行', me: '自分で進行', none: '進行役なし' },
  empty: '空の卓で始める',
  backup: 'バックアップから取り込む',
  later: 'あとで',
  begin: (title: string) => (title ? `「${title}」を開く` : '開く'),
};
