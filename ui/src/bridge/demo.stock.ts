/** What stands in the demo's library from the start: one shelf's worth of every kind. */
import { STAGE } from './demo.story';
import {
  DEFAULT_STAGE,
  type Character,
  type Contents,
  type Entry,
  type LibraryEntry,
  type LibraryKind,
} from './protocol.gen';

interface Stock {
  kind: LibraryKind;
  name: string;
  contents: Contents;
  origin?: LibraryEntry['origin'];
}

const text = (said: string): Contents => ({ type: 'text', text: said });

const character = (name: string, line: string, dye: Character['dye']): Stock => ({
  kind: 'character_template',
  name,
  contents: {
    type: 'character',
    character: {
      id: `stock-${dye}`,
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
    },
  },
});

export const lore = (id: string, part: Partial<Entry>): Entry => ({
  id,
  name: '',
  content: '',
  keys: [],
  secondary_keys: [],
  logic: 'and_any',
  use_regex: false,
  case_sensitive: false,
  match: 'word',
  ignore_spaces: false,
  constant: false,
  enabled: true,
  order: 100,
  priority: 0,
  probability: 100,
  sticky: 0,
  cooldown: 0,
  delay: 0,
  exclude_recursion: false,
  prevent_recursion: false,
  delay_until_recursion: false,
  scan_depth: null,
  position: 'before_characters',
  depth: 4,
  group: '',
  weight: 100,
  visibility: ['all'],
  extensions: {},
  ...part,
});

const ENTRIES: Entry[] = [
  lore('lore-1', {
    name: '여섯 번째 등대의 소등',
    keys: ['여섯 번째 등대', '소등', '꺼진 등대'],
    content:
      '스물아홉 해 전 겨울, 여섯 번째 등대의 불이 하룻밤 꺼졌다. 그날 안개 위에 있던 배 세 척은 돌아오지 않았고, 사흘 뒤부터 받는 이가 없는 편지가 젖기 시작했다. 누가 불을 껐는지는 기록에 없다. 우체국 사람들은 여섯이라는 수를 입에 올릴 때 목소리를 낮춘다.',
    position: 'after_characters',
  }),
  lore('lore-2', {
    name: '안개 위를 다니는 법',
    keys: ['안개선', '돛', '항로'],
    content: '배는 돛이 아니라 편지의 무게로 뜬다. 빈 배는 가라앉는다.',
    constant: true,
  }),
  lore('lore-3', {
    name: '젖는 편지',
    keys: ['젖은 편지', '받는 이 없는'],
    content: '받는 이가 사라진 편지는 밤마다 안쪽에서 젖는다. 말리면 글자가 한 줄 늘어난다.',
  }),
  lore('lore-4', {
    name: '우편 감찰국',
    keys: ['감찰관', '규정', '벨라도나'],
    content: '감찰국은 규정을 어긴 편지를 봉인한다. 봉인을 여는 일은 감찰관만 한다.',
    probability: 60,
  }),
  lore('lore-5', {
    name: '등대를 번호로 부르는 까닭',
    keys: ['등대 이름', '번호'],
    content: '이름을 부르면 안개가 배운다.',
    sticky: 3,
  }),
  lore('lore-6', {
    name: '도이레의 찻잔',
    keys: ['찻잔', '식은 차'],
    content: '도이레의 찻잔은 언제나 두 개다.',
    enabled: false,
  }),
];

export const STOCK: Stock[] = [
  {
    kind: 'world',
    name: '안개 바다',
    contents: text('바다가 안개로 바뀐 지 삼백 년.'),
    origin: 'shipped',
  },
  {
    kind: 'world',
    name: '유리 온실 도시',
    contents: text('비가 오지 않는 도시. 사람들은 온실 안에서 계절을 빌려 쓴다.'),
  },
  {
    kind: 'situation',
    name: '막배가 끊긴 밤',
    contents: text('막배가 끊긴 밤, 일곱 번째 등대 우체국. 문 두드리는 소리가 난다.'),
  },
  {
    kind: 'my_character',
    name: '서유온',
    contents: { type: 'persona', persona: STAGE.me },
  },
  { kind: 'npc', name: '우편선 선장 곽해', contents: text('안개 위에서 길을 잃어 본 적이 없다.') },
  character('로사 킴', '야간열차의 차장. 표보다 얼굴을 먼저 검사한다.', 'seokryu'),
  character('문 박사', '은퇴한 천문학자. 모든 대답이 별자리에서 시작한다.', 'doraji'),
  character('강치', '식당칸 요리사. 손님이 거짓말하면 국이 짜진다.', 'sol'),
  character('백서린', '비 새는 사무소의 탐정. 우산을 믿지 않는다.', 'bidulgi'),
  {
    kind: 'preset',
    name: '안개 항로 우체국',
    contents: { type: 'stage', stage: STAGE },
  },
  {
    kind: 'preset',
    name: '옥상 천문부의 마지막 여름',
    contents: {
      type: 'stage',
      stage: {
        ...DEFAULT_STAGE,
        world: '학교 옥상에 남은 작은 돔 하나. 여름이 끝나면 헐린다.',
        situation: '혜성이 오기 사흘 전, 망원경의 렌즈가 사라졌다.',
      },
    },
    origin: 'shipped',
  },
  {
    kind: 'lorebook',
    name: '안개 항로의 말들',
    contents: {
      type: 'lore',
      book: {
        id: 'stock-lore',
        name: '안개 항로의 말들',
        description: '등대와 편지에 얽힌 이야기.',
        enabled: true,
        scan_depth: 4,
        token_budget: 800,
        recursive: false,
        entries: ENTRIES,
        extensions: {},
      },
    },
  },
];
