/** Whether a name for something that is kept can be one, before the program is asked. */

const MOST = 200;

/** `empty`: nothing in it can be seen. Whatever else stands in it is made safe by the program. */
export function nameFlaw(name: string): 'empty' | 'long' | null {
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name.replaceAll(/[\u115f\u1160\u3164\uffa0\u2800]/gu, '')))
    return 'empty';
  return [...name.trim()].length > MOST ? 'long' : null;
}
