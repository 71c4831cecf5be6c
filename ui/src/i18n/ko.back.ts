/** The Korean words of the ways back into a long story: the calendar, filters, where lore was used. */
const number = new Intl.NumberFormat('ko');
const n = (value: number): string => number.format(value);

export const back = {
  title: '날짜로 가기',
  earlier: '앞 달',
  later: '다음 달',
  day: (date: string, count: number) => `${date}, ${n(count)}마디`,
  type: '날짜를 적고 Enter',
  hint: '날을 고르면 그날의 첫 말로 가요. 진하게 칠한 날에 더 많이 이야기했어요.',
  used: '이 방에서 쓰인 곳',
  unused: '이 항목은 아직 이 방의 답에 쓰이지 않았어요.',
  profile: (name: string) => (name ? `프로필과 잠금: ${name}` : '프로필과 잠금'),
  filter: {
    who: '말한 사람',
    anyone: '누구의 말이든',
    dice: '주사위 굴림',
    since: '이날부터',
    until: '이날까지',
    clear: '거르지 않기',
  },
};
