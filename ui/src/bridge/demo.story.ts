/** The demo's starter room and the lines its scripted storyteller plays. */
import { DEFAULT_STAGE, type Author, type Character, type Stage } from './protocol.gen';

const person = (id: string, name: string, line: string, dye: Character['dye']): Character => ({
  id,
  name,
  aliases: [],
  line,
  description: '',
  speech: '',
  examples: [],
  relations: [],
  secrets: [],
  dye,
  enabled: true,
  provider: '',
  model: '',
  voice: { name: '', speed: 100, pitch: 100 },
  picture: '',
  card: '',
});

export const STAGE: Stage = {
  ...DEFAULT_STAGE,
  world:
    '바다가 안개로 바뀐 지 삼백 년. 배는 안개 위에 뜨고, 편지는 등대에서 등대로 건너간다. 받는 이가 사라진 편지는 밤마다 스스로 젖는다.',
  situation: '막배가 끊긴 밤, 일곱 번째 등대 우체국. 받는 이 칸이 빈 젖은 편지 한 통이 도착했다.',
  me: { name: '서유온', description: '수습 우체부. 편지의 무게로 거짓말을 안다.', picture: '' },
  characters: [
    {
      ...person('doire', '도이레', '말끝을 흐리지 않는 등대지기', 'chija'),
      aliases: ['등대지기', '이레 영감'],
      description:
        '일곱 번째 등대를 서른 해 지킨 사람. 불을 꺼뜨린 적이 한 번도 없다고 말하지만, 누가 세어 보았는지는 묻지 못하게 한다. 손님에게는 늘 찻잔 두 개를 낸다.',
      speech: '짧게 끊어 말한다. 묻는 말에는 되묻지 않고, 모르는 일은 모른다고 한다.',
      examples: ['불은 내가 봅니다. 이야기는 당신이 하세요.', '그건 모르는 일이오.'],
      relations: [
        { to: 'me', text: '처음 온 날부터 말을 낮추지 않는다' },
        { to: 'maru', text: '빚을 진 사람. 갚을 마음이 있다' },
      ],
      secrets: [
        { text: '여섯 번째 등대가 꺼지던 밤, 그는 그 등대에 있었다.', known_by: ['yunseul'] },
      ],
    },
    person('maru', '한마루', '농담으로 겁을 숨기는 항해사', 'jjok'),
    person('yunseul', '윤슬', '안개를 듣는 아이', 'iki'),
    person('belladonna', '남궁 벨라도나 오르테시아', '규정이 곧 예의인 우편 감찰관', 'jadu'),
  ],
};

export const NARRATOR: Author = { kind: 'narrator', name: '진행자', id: '', dye: '' };
export const ME: Author = { kind: 'user', name: '서유온', id: '', dye: '' };

export const by = (id: string): Author => {
  const found = STAGE.characters.find((each) => each.id === id);
  return { kind: 'character', name: found?.name ?? id, id: found ? id : '', dye: found?.dye ?? '' };
};

/** What was said before the page opened. */
export const BEFORE: [Author, string][] = [
  [
    NARRATOR,
    '막배가 끊기고 나면 일곱 번째 등대는 섬이 된다.\n등대의 불빛이 한 바퀴 돌 때마다 탁자 위의 편지가 조금씩 더 젖었다. 물은 봉투 바깥이 아니라 안쪽에서 배어 나왔다. 아주 먼 곳에서, 누군가 지금도 그 편지를 쓰며 울고 있는 것처럼.',
  ],
  [
    ME,
    '*편지를 저울에 올린다.* 열한 돈이요. 빈 봉투보다 가벼워요. 거짓말을 담은 게 아니라… 아직 다 쓰지 않은 편지예요.',
  ],
  [
    by('doire'),
    '다 쓰지 않은 편지가 먼저 닿는 일은, 내 서른 해 동안 딱 한 번 있었지. 그날 밤 여섯 번째 등대가 꺼졌고.',
  ],
];

/** How a line goes on when it is continued. */
export const MORE = ' *잠시 말을 고른다.* …그리고 아직 아무에게도 하지 않은 이야기가 하나 더 있어.';

/** What the storyteller plays, one scene after the other. `together` speaks beside the line before. */
export const SCENES: { author: Author; text: string; together?: boolean }[][] = [
  [
    {
      author: by('maru'),
      text: '어르신, 그런 얘기는 막배 끊기기 전에 해 주셨어야죠. *웃으면서도 문고리를 한 번 더 확인한다.* 그럼 오늘은 몇 번째가 꺼질 차례입니까?',
    },
    {
      author: by('yunseul'),
      text: '쉿. 방금 안개가 주소를 말했어. 근데 거기… 우리가 있는 곳이야.',
      together: true,
    },
    { author: by('등대의 목소리'), text: '일곱 번째는 아직 켜져 있다.' },
    {
      author: NARRATOR,
      text: '젖은 봉투 위로 글자가 한 획씩 떠올랐다. “받는 이, 서유온.” 누군가 아직 쓰고 있었다.\nA) 봉투를 연다\nB) 저울에서 내려 불 가까이 말린다\nC) 윤슬에게 안개의 말을 더 묻는다',
    },
  ],
  [
    {
      author: by('belladonna'),
      text: '규정 제4조. 젖은 우편물은 마를 때까지 봉인한다. *장갑을 고쳐 낀다.* 예외는 없습니다.',
    },
    { author: by('doire'), text: '예외를 적은 사람이 바로 그 편지의 주인이라면 어쩌겠나.' },
  ],
];
