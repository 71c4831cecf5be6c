/** The words of the language that is shown, switchable while the page runs. */
import { en } from './en';
import { ja } from './ja';
import { ko } from './ko';
import type { Catalogue, Language } from './catalogue';

const CATALOGUES: Record<Language, Catalogue> = { ko, en, ja };

let shown: Language = $state('ko');

/** The words now. Reads state: use it inside markup, `$derived` or an effect. */
export const t = (): Catalogue => CATALOGUES[shown];

export const language = (): Language => shown;

export function setLanguage(next: Language): void {
  shown = next;
}

/** The best guess for somebody who starts the program for the first time. */
export function systemLanguage(tags: readonly string[] = navigator.languages): Language {
  for (const tag of tags) {
    const short = tag.slice(0, 2);
    if (short === 'ko' || short === 'en' || short === 'ja') return short;
  }
  return 'ko';
}
