/** The Japanese words for a formula that cannot be rolled. */
import type { DiceProblemCode } from '../bridge/protocol.gen';

const codes: Record<DiceProblemCode, string> = {
  empty: '振る式がありません。例: /roll 2d6+3 書いた言葉はそのまま残っています。',
  too_long: '式が長すぎます。200字まで読みます。 書いた言葉はそのまま残っています。',
  too_deep: 'かっこが深すぎます。 書いた言葉はそのまま残っています。',
  too_large: '数が大きすぎます。 書いた言葉はそのまま残っています。',
  too_many_dice: '一度に振れるのは500個までです。 書いた言葉はそのまま残っています。',
  too_many_sides: 'ダイスの面は百万までです。 書いた言葉はそのまま残っています。',
  too_many_repeats: 'くり返しは20回までです。 書いた言葉はそのまま残っています。',
  no_sides: '何面のダイスか書いてください。例: 1d20 書いた言葉はそのまま残っています。',
  no_dice: '式にダイスがありません。例: 1d20 書いた言葉はそのまま残っています。',
  no_choice: '選ぶものがありません。例: choice(パン, ごはん) 書いた言葉はそのまま残っています。',
  endless: '終わりなく振り直す式です。 書いた言葉はそのまま残っています。',
  twice: '同じことが二度書かれています。 書いた言葉はそのまま残っています。',
  unexpected: '読めない文字があります。 書いた言葉はそのまま残っています。',
  unfinished: '式が途中で終わっています。 書いた言葉はそのまま残っています。',
  divided_by_zero: '0では割れません。 書いた言葉はそのまま残っています。',
  bonus_out_of_range:
    'ボーナス・ペナルティダイスの数が合いません。 書いた言葉はそのまま残っています。',
  advantage_of_one_die:
    '有利・不利にできるダイスではありません。 書いた言葉はそのまま残っています。',
  no_contest: '対抗ロールには判定が二つ要ります。 書いた言葉はそのまま残っています。',
};

export const diceProblems = { title: 'この式は振れません', codes };
