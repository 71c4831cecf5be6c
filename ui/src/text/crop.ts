/** The square that is cut out of a picture: moved and resized, and always inside of it. */

export interface Crop {
  x: number;
  y: number;
  side: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Nothing is cut smaller than this, but for pictures that are smaller themselves. */
const SMALLEST = 32;

export const widest = ({ width, height }: Size): number => Math.max(1, Math.min(width, height));
export const narrowest = (size: Size): number => Math.min(SMALLEST, widest(size));

/** As wide as the picture; of a tall one near the top, where the face is. */
export function firstCrop(size: Size): Crop {
  const side = widest(size);
  return inside(size, { x: (size.width - side) / 2, y: (size.height - side) / 6, side });
}

export function inside(size: Size, { x, y, side }: Crop): Crop {
  const fitting = clamp(Math.round(side), narrowest(size), widest(size));
  return {
    x: clamp(Math.round(x), 0, size.width - fitting),
    y: clamp(Math.round(y), 0, size.height - fitting),
    side: fitting,
  };
}

/** By shares of the square's own side. */
export const moved = (size: Size, crop: Crop, right: number, down: number): Crop =>
  inside(size, { ...crop, x: crop.x + right * crop.side, y: crop.y + down * crop.side });

/** Around its middle. */
export function resized(size: Size, crop: Crop, side: number): Crop {
  const fitting = clamp(side, narrowest(size), widest(size));
  const by = (crop.side - fitting) / 2;
  return inside(size, { x: crop.x + by, y: crop.y + by, side: fitting });
}

/** How the picture lies behind a window that shows the square alone. */
export function placed(size: Size, crop: Crop): { left: string; top: string; width: string } {
  const share = (part: number): string => `${(part / crop.side) * 100}%`;
  return { left: share(-crop.x), top: share(-crop.y), width: share(size.width) };
}

const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));
