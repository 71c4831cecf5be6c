/** The Korean words of the first page. */

const number = new Intl.NumberFormat('ko');
const COUNTED = ['', '한', '두', '세', '네', '다섯', '여섯', '일곱', '여덟', '아홉', '열'];

export const welcome = {
  open: '장면에서 시작',
  title: ['이야기 탁자에', '자리를 마련했어요.'],
  lede: '한 자리에 여러 인물을 앉히고, 말을 건네면 서사가 쌓입니다. 모든 기록은 이 컴퓨터에만 남아요.',
  players: '인물을 연기할 AI',
  otherWays: '열쇠나 서버로 연결하기',
  practice: 'AI가 아니에요. 설치도 로그인도 없이 먼저 놀아 봅니다.',
  state: {
    ready: '바로 쓸 수 있어요.',
    installed: '설치되어 있어요. 로그인했는지는 말을 걸어 보면 알아요.',
    signed_out: '설치는 되어 있어요. 터미널에서 로그인하면 바로 켜집니다.',
    not_installed: '아래 명령을 터미널에 붙여 넣으세요. 끝나면 자동으로 알아차립니다.',
    unsafe: '도구를 끌 수 없는 판이라 쓰지 않아요. 새 판을 설치해 주세요.',
    checking: '찾아보는 중이에요.',
    unknown: '아직 찾아보지 않았어요.',
  },
  safe: 'AI에게는 고른 것에만 말을 건넵니다. 계정을 따로 만들지 않아요.',
  scenes: '첫 장면',
  changeable: '나중에 얼마든지 고칠 수 있어요',
  cast: (count: number) => `${COUNTED[count] ?? number.format(count)} 사람`,
  narrator: { ai: 'AI 진행', me: '내가 진행', none: '진행자 없음' },
  empty: '빈 탁자로 시작',
  backup: '백업에서 가져오기',
  later: '나중에',
  begin: (title: string) => (title ? `‘${title}’ 펼치기` : '펼치기'),
};
