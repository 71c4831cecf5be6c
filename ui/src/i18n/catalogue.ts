/** What every language must say: the shape of the Korean catalogue. */
import type { ko } from './ko';

export type Language = 'ko' | 'en' | 'ja';
export type Catalogue = typeof ko;

/** How each language calls itself, in the order of the list. */
export const LANGUAGES: readonly { id: Language; label: string }[] = [
  { id: 'ko', label: '한국어' },
  { id: 'en', label: 'English' },
  { id: 'ja', label: '日本語' },
];
