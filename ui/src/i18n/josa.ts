/** Korean particles after any name; only the Korean catalogue uses them. */
import { josa as hangulJosa } from 'es-hangul';

type Pair = '이/가' | '을/를' | '은/는' | '와/과' | '으로/로' | '이나/나' | '아/야';

/** Digits read aloud end in a consonant, except 2, 4, 5 and 9. */
const DIGIT: Record<string, string> = {
  '0': '영',
  '1': '일',
  '2': '이',
  '3': '삼',
  '4': '사',
  '5': '오',
  '6': '육',
  '7': '칠',
  '8': '팔',
  '9': '구',
};

/** Only the particle. After letters whose sound is unknown both forms stand: `LUNA이(가)`. */
export function particle(name: string, pair: Pair): string {
  const last = [...name.trim()].at(-1) ?? '';
  const heard = DIGIT[last] ?? last;
  if (/[가-힣]/u.test(heard)) return hangulJosa.pick(heard, pair);
  const [closed, open] = pair.split('/') as [string, string];
  return pair === '으로/로' ? '(으)로' : `${closed}(${open})`;
}

export const withParticle = (name: string, pair: Pair): string => name + particle(name, pair);
