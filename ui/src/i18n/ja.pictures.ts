/** The Japanese words for pictures of people. */
import type { Catalogue } from './catalogue';

export const pictures: Catalogue['pictures'] = {
  face: (name) => `${name}の顔`,
  add: '絵を入れる',
  change: '絵を替える',
  remove: '絵を外す',
  coming: '開いています…',
  hint: 'PNG、JPEG、WebP、GIF、AVIF。ドロップや貼り付けもできます',
  cut: '顔を切り抜く',
  area: '見える範囲',
  zoom: '大きさ',
  cutHint: 'ドラッグで動かし、ホイールで拡大します。矢印キーと＋−も使えます。',
  keep: 'これを使う',
  refused: 'この絵は使えません',
  removed: (name) => `${name}の絵を外しました`,
  faults: {
    empty: '空のファイルです。',
    not_known: '絵のファイルではありません。PNG、JPEG、WebP、GIF、AVIFが使えます。',
    not_allowed: 'この種類の絵は開きません。PNGかJPEGに変えてください。',
    too_large: 'ファイルが大きすぎます。24MBまで使えます。',
    too_many: '画素が多すぎます。4千万画素まで開きます。',
    cut_off: 'ファイルが途中で切れています。',
    malformed: '壊れていて開けない絵です。',
    unreadable: 'ファイルを読めません。',
  },
};
