/** The demo's opening scenes: their faces, and an empty table behind each. */
import { CallFailed, pageProblem } from './bridge';
import type { Methods, RoomView, Scene, Stage } from './protocol.gen';

type SceneMethod = 'scene.list' | 'scene.open';

export type SceneHandlers = {
  [M in SceneMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

const TITLES: Record<string, string> = {
  lighthouse: '안개 항로 우체국',
  train: '종착역 없는 야간열차',
  court: '한여름 도깨비 재판소',
  detective: '비 새는 탐정 사무소',
  orbit: '궤도 온실 9호',
  observatory: '옥상 천문부의 마지막 여름',
};

export function sceneHandlers(
  stage: Stage,
  lay: (title: string, stage: Stage) => RoomView,
): SceneHandlers {
  const faces = stage.characters.map(({ name, dye }) => ({ name, dye }));
  const scenes: Scene[] = Object.entries(TITLES).map(([id, title]) => ({
    id,
    title,
    line: stage.situation.split('.')[0] ?? '',
    faces,
    narrator: stage.narrator.kind,
  }));
  return {
    'scene.list': () => ({ scenes }),
    'scene.open': ({ scene_id, provider, model }) => {
      const title = TITLES[scene_id];
      if (!title) throw new CallFailed(pageProblem('not_found', { field: 'scene_id' }));
      return lay(title, {
        ...stage,
        provider: provider ?? 'storyteller',
        model: model ?? '',
      });
    },
  };
}
