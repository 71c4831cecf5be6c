import type { Catalogue } from './catalogue';
import { ko } from './ko';
export const en: Catalogue = ko;
