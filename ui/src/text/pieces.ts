/** A file in pieces small enough for one call each, as base64. */

/** Divisible by three, so that every piece but the last has no padding. */
export const PIECE_BYTES = 999_999;

export interface Piece {
  data: string;
  last: boolean;
  /** How much of the file has been told with this one. */
  share: number;
}

/** Reads as it goes and never holds the whole file. An empty file is one empty piece. */
export async function* pieces(file: Blob): AsyncGenerator<Piece> {
  let at = 0;
  do {
    const end = Math.min(file.size, at + PIECE_BYTES);
    const bytes = new Uint8Array(await file.slice(at, end).arrayBuffer());
    at = end;
    yield { data: base64(bytes), last: at >= file.size, share: file.size ? at / file.size : 1 };
  } while (at < file.size);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // All at once would be more arguments than a call may have.
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
