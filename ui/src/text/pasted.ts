/** What was dropped or pasted, as far as it is a picture. */

/** The first file that says it is a picture. What it is will be seen where it is opened. */
export function pictureIn(from: DataTransfer | null): File | undefined {
  return [...(from?.files ?? [])].find((file) => file.type.startsWith('image/'));
}
