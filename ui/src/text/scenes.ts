/** The opening scenes that have a cover of their own, and how a room tells that it is one of them. */

/** Who sits at which scene: their ids are the same in every language and stay when a name changes. */
const CASTS = {
  lighthouse: ['ire', 'maru', 'yunseul', 'belladonna'],
  train: ['rosa', 'moon', 'kangchi'],
  court: ['kkaebi', 'jeomdol', 'seonnyeo', 'dalsu', 'soli'],
  detective: ['seorin', 'miru'],
  orbit: ['tessa', 'yuna', 'ollie'],
  observatory: ['haejin', 'bonui', 'jiho', 'chan'],
} as const;

export type SceneId = keyof typeof CASTS;
export const SCENE_IDS = Object.keys(CASTS) as SceneId[];

/** The scene of that id, if there is a drawing for it. */
export const knownScene = (id: string): SceneId | undefined =>
  SCENE_IDS.find((each) => each === id);

/** The scene a table was laid as, told by the first person who came with it. */
export function sceneOf(people: readonly { id: string }[]): SceneId | undefined {
  for (const { id } of people) {
    const found = SCENE_IDS.find((scene) => (CASTS[scene] as readonly string[]).includes(id));
    if (found) return found;
  }
  return undefined;
}
