/** The Korean words for character cards. */
import { withParticle } from './josa';

export const cards = {
  choose: '카드에서 데려오기',
  chooseHint: '캐릭터 카드(PNG, JSON, CHARX)나 코코포리아 말에서 인물을 데려옵니다',
  export: '내보내기',
  copy: '코코포리아 말로 복사',
  png: '그림 카드 (PNG)',
  charx: '묶음 카드 (CHARX)',
  json: '카드 (JSON, V3)',
  json2: '카드 (JSON, V2)',
  pasteHint: '이 창에 코코포리아 말이나 카드 JSON을 붙여넣으면 칸이 채워집니다.',
  secretHint: '비밀도 함께 담깁니다.',
  taken: (name: string) => `${withParticle(name, '이/가')} 자리에 앉았어요`,
  withBook: (book: string) => `로어북 “${book}”도 함께 들여놓았어요.`,
  withoutInstructions: '카드에 적힌 AI 지시문은 쓰지 않습니다.',
  withoutLinks: '인터넷 그림은 불러오지 않았어요.',
  saved: (file: string) => `“${file}”에 담았어요`,
};
