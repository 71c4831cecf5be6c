import { beforeEach, expect, it } from 'vitest';
import { ImeGuard } from '../../src/text/ime';

let now = 0;
let ime: ImeGuard;
beforeEach(() => {
  now = 0;
  ime = new ImeGuard(() => now);
});

const enter = (more: Partial<KeyboardEvent> = {}) => ({ isComposing: false, keyCode: 13, ...more });

it('owns every key between the start and the end of a composition', () => {
  ime.start();
  expect(ime.owns(enter())).toBe(true);
  ime.end();
  expect(ime.owns(enter())).toBe(false);
});

it('owns what the browser says is composed, and the key code 229', () => {
  expect(ime.owns(enter({ isComposing: true }))).toBe(true);
  expect(ime.owns(enter({ keyCode: 229 }))).toBe(true);
});

it('knows the Enter that ended the composition', () => {
  ime.start();
  ime.end();
  now += 5;
  expect(ime.isTail()).toBe(true);
});

it('lets the next Enter through: after the key went up, or a moment later', () => {
  ime.start();
  ime.end();
  ime.keyup({ isComposing: false });
  expect(ime.isTail()).toBe(false);
  ime.start();
  ime.end();
  now += 200;
  expect(ime.isTail()).toBe(false);
});
