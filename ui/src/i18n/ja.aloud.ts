/** Reading aloud. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('ja');
const n = (value: number): string => number.format(value);

export const aloud: Catalogue['aloud'] = {
  read: '読み上げる',
  readOn: 'ここから読み上げる',
  reading: '読み上げ中',
  paused: '一時停止中',
  place: (at: number, all: number) => `${n(all)}文のうち${n(at)}番目`,
  pause: '一時停止',
  resume: '続きを読む',
  next: '次の文',
  stop: '読み上げを終える',
  show: '読んでいる所を見る',
  follow: '新しい返事も読む',
  nothing: 'ここには読むものがありません。',
  noVoice: {
    page: 'この画面の声では読めませんでした',
    command: '読み上げるプログラムがありません',
    server: '届いた音を再生できませんでした',
  },
  noVoiceText: {
    page: '設定で別の方法を選んでください。',
    command:
      'Linuxではespeak-ngを入れるか、設定で読み上げるプログラムか音声サーバーを選んでください。',
    server: '設定でサーバーとモデル、声を確かめてください。',
  },
  lede: '発言の道具の「読み上げる」を押すか、発言を選んでLを押します。ひとりでに始まることはありません。',
  way: '読み方',
  ways: { auto: '自動', page: '画面の声', command: 'プログラム', server: '音声サーバー' },
  wayHint: {
    auto: '物語の言語を話す声が画面にあればそれで、なければプログラムで読みます。',
    page: 'WindowsとmacOSの声です。Linuxには韓国語や日本語の声がありません。',
    command: '文章は標準入力で渡します。シェルは使いません。',
    server: 'OpenAI形式の音声サーバーです。読む文章はそのサーバーへ送られます。',
  },
  program: '読み上げるプログラム',
  programNone: '見つかりませんでした。',
  programFound: (name: string, voices: number) => `${name}・声${n(voices)}種`,
  programOwn: (name: string) => `${name}・自分で選択`,
  programChoose: '選ぶ…',
  programForget: '元に戻す',
  arguments: 'プログラムに渡す引数',
  argumentsHint:
    '1行に1つずつ。{voice}、{language}、{speed}、{pitch}はそのときの値に置き換わります。',
  server: 'サーバー',
  serverHint: '「AIの接続」にあるサーバーとその鍵を使います。',
  serverNone: '選んでいません',
  serverModel: '音声モデル',
  voice: '声',
  voiceHint: '進行役と、声を決めていない全員の声です。',
  voiceUsual: '言語に合う声',
  voiceOwn: 'この人物の声',
  voiceShared: '設定の声',
  speed: '速さ',
  pitch: '高さ',
  percent: (value: number) => `${n(value)}%`,
  try: '聞いてみる',
  trial: '霧が晴れると、灯台の光が長く伸びた。',
  quotesOnly: '地の文では鉤括弧の中だけを読む',
  skipActions: '*動作*は読まない',
  narrator: '進行役の語りも読む',
  followTitle: 'いまの部屋の新しい返事を読む',
  followHint: '部屋を移るかアプリを閉じると切れます。',
};
