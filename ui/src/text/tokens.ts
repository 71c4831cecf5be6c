/** A rough count of tokens, for seeing what is long; no model counts exactly like this. */

const DENSE = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Nearly one for each Hangul, Han or kana letter, one for four letters of anything else. */
export function roughTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  return Math.ceil(dense * 0.9 + ([...text].length - dense) / 4);
}
