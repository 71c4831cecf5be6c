/** The Japanese words for a damaged file of stories, and the ways on. */
import type { Catalogue } from './catalogue';

export const rescue: Catalogue['rescue'] = {
  title: '物語のファイルが壊れています',
  lostTitle: '物語のファイルが空になっています',
  lede: 'ディスクの内容が書いたときと違うため、開きませんでした。壊れたファイルは直しも消しもせず、そのまま残します。',
  looking: 'バックアップを試しに復元しています',
  found: '試しに復元して、無事だったバックアップがあります',
  foundHint: 'このバックアップのあとに書いた物語は、壊れたファイルにだけあります。',
  none: '無事なバックアップがありません。',
  rooms: (count) => `部屋 ${count}`,
  use: 'このバックアップで続ける',
  others: 'ほかのバックアップ',
  salvage: '読めるものだけ救い出す',
  salvageHint: '壊れたところを避けて部屋と会話を読み、新しいファイルに移します。',
  fresh: '空の卓で始める',
  working: '移しています。ウィンドウを閉じないでください。',
  done: 'ふたたび開きました',
  doneRooms: (rooms, messages) => `部屋が${rooms}、メッセージが${messages}あります。`,
  doneNone: '読める物語がなかったので、空の卓で開きました。',
  kept: '壊れたファイルはこの名前で残してあります。',
  goOn: '続ける',
};
