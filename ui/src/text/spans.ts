/** Cuts a text where the program marked it: it counts code points, the page counts UTF-16. */

export interface Piece {
  text: string;
  marked: boolean;
}

export function pieces(text: string, spans: readonly (readonly [number, number])[]): Piece[] {
  const points = [...text];
  const cut: Piece[] = [];
  let at = 0;
  const push = (to: number, marked: boolean): void => {
    if (to > at) cut.push({ text: points.slice(at, to).join(''), marked });
    at = Math.max(at, to);
  };
  for (const [from, to] of spans) {
    push(from, false);
    push(to, true);
  }
  push(points.length, false);
  return cut;
}
