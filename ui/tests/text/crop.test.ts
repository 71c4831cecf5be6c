import { describe, expect, it } from 'vitest';
import { firstCrop, inside, moved, placed, resized } from '../../src/text/crop';

const TALL = { width: 300, height: 600 };

describe('the square of a picture', () => {
  it('begins near the top of a tall one, and in the middle of a wide one', () => {
    expect(firstCrop(TALL)).toEqual({ x: 0, y: 50, side: 300 });
    expect(firstCrop({ width: 900, height: 300 })).toEqual({ x: 300, y: 0, side: 300 });
  });

  it('never leaves the picture', () => {
    for (const [right, down] of [
      [9, 9],
      [-9, -9],
      [0, 3],
    ] as const) {
      const { x, y, side } = moved(TALL, { x: 10, y: 10, side: 100 }, right, down);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + side).toBeLessThanOrEqual(300);
      expect(y + side).toBeLessThanOrEqual(600);
    }
    expect(inside(TALL, { x: -5, y: 700, side: 9_999 })).toEqual({ x: 0, y: 300, side: 300 });
  });

  it('grows and shrinks around its middle', () => {
    expect(resized(TALL, { x: 100, y: 200, side: 100 }, 50)).toEqual({ x: 125, y: 225, side: 50 });
    expect(resized(TALL, { x: 100, y: 200, side: 100 }, 1).side).toBe(32);
  });

  it('may be as small as a picture is', () => {
    expect(firstCrop({ width: 1, height: 1 })).toEqual({ x: 0, y: 0, side: 1 });
    expect(resized({ width: 20, height: 9 }, { x: 3, y: 0, side: 9 }, 4).side).toBe(9);
  });

  it('lies so that the window shows it alone', () => {
    expect(placed(TALL, { x: 75, y: 150, side: 150 })).toEqual({
      left: '-50%',
      top: '-100%',
      width: '200%',
    });
  });
});
