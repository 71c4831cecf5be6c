import { expect, it } from 'vitest';
import { withParticle } from '../../src/i18n/josa';

it('gives each name its particle', () => {
  expect(withParticle('하늘', '이/가')).toBe('하늘이');
  expect(withParticle('아라', '이/가')).toBe('아라가');
  expect(withParticle('철수2', '을/를')).toBe('철수2를');
  expect(withParticle('요원7', '을/를')).toBe('요원7을');
});

it('leaves both forms where the sound is unknown', () => {
  expect(withParticle('LUNA', '은/는')).toBe('LUNA은(는)');
  expect(withParticle('Claude Code', '이/가')).toBe('Claude Code이(가)');
});
