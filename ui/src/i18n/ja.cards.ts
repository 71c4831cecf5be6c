/** The Japanese words for character cards. */
import type { Catalogue } from './catalogue';

export const cards: Catalogue['cards'] = {
  choose: 'カードから招く',
  chooseHint: 'キャラクターカード（PNG・JSON・CHARX）やココフォリアの駒から人物を招きます',
  export: '書き出す',
  copy: 'ココフォリアの駒としてコピー',
  png: '画像カード（PNG）',
  charx: 'まとめカード（CHARX）',
  json: 'カード（JSON・V3）',
  json2: 'カード（JSON・V2）',
  pasteHint: 'この画面にココフォリアの駒やカードのJSONを貼り付けると、欄が埋まります。',
  secretHint: '秘密も一緒に入ります。',
  taken: (name) => `${name}が席に着きました`,
  withBook: (book) => `ロアブック「${book}」も入れました。`,
  withoutInstructions: 'カードに書かれたAIへの指示は使いません。',
  withoutLinks: 'インターネット上の画像は読み込んでいません。',
  saved: (file) => `「${file}」に保存しました`,
};
