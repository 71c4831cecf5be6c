/** The Korean words of who speaks next, of turns that come by themselves and of AIs of one's own. */

const number = new Intl.NumberFormat('ko');
const n = (value: number): string => number.format(value);

export const voices = {
  answering: '대답하는 방식',
  ensemble: '모두 함께',
  single: '한 명씩',
  answeringHint: {
    ensemble: '한 번의 답에서 여럿이 말합니다.',
    single: '한 번에 한 사람만 말해요. 다른 사람의 비밀은 전하지 않습니다.',
  },
  nextBy: '다음에 말할 사람',
  roundRobin: '자리 순서대로',
  mention: '불린 사람 먼저',
  auto: '저절로 이어 가기',
  delay: '사이에 쉬는 시간',
  atOnce: '바로',
  seconds: (count: number) => `${n(count)}초`,
  limit: '몇 번까지',
  times: (count: number) => `${n(count)}번`,
  endless: '끝없이',
  start: '저절로 이어 가기 켜기',
  stop: '저절로 이어 가기 멈추기',
  stopShort: '멈추기',
  goOn: '다음 사람 말하기',
  going: '저절로 이어 가는 중',
  count: (count: number, limit: number | null) =>
    limit === null ? n(count) : `${n(count)} / ${n(limit)}`,
  soon: (name: string) => `곧 ${name}`,
  choose: (name: string) => `다음은 ${name}`,
  ended: {
    limit: '정한 만큼 이어 갔어요.',
    addressed: '나를 불렀어요. 대답할 차례예요.',
    problem: '문제가 생겨 멈췄어요.',
    restaged: '말하는 사람이 바뀌어 멈췄어요.',
  },
  ownAi: '이 사람의 AI',
  ownAiNarrator: '진행자의 AI',
  roomAi: (name: string) => `방과 같이 · ${name}`,
  ownAiHint: '다른 AI를 고르면 그 AI가 이 사람만 맡아 차례로 대답합니다.',
  by: (name: string) => `${name} 대답`,
};
