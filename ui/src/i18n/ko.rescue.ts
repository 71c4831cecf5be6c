/** The Korean words for a damaged file of stories, and the ways on. */

export const rescue = {
  title: '이야기 파일이 망가졌어요',
  lostTitle: '이야기 파일이 비어 있어요',
  lede: '디스크에 적힌 것이 달라져 있어 열지 않았어요. 망가진 파일은 고치지도 지우지도 않고 그대로 남겨 둡니다.',
  looking: '백업을 시험 삼아 되살려 보는 중',
  found: '되살려 보니 온전한 백업이 있어요',
  foundHint: '이 백업 뒤에 쓴 이야기는 망가진 파일에만 있어요.',
  none: '온전한 백업이 없어요.',
  rooms: (count: number) => `방 ${count}개`,
  use: '이 백업으로 이어 가기',
  others: '다른 백업',
  salvage: '읽을 수 있는 것만 건지기',
  salvageHint: '망가진 쪽을 건너뛰며 방과 대화를 읽어 새 파일에 담아요.',
  fresh: '빈 탁자로 시작하기',
  working: '옮기는 중이에요. 창을 닫지 마세요.',
  done: '다시 열었어요',
  doneRooms: (rooms: number, messages: number) => `방 ${rooms}개, 메시지 ${messages}개가 있어요.`,
  doneNone: '읽을 수 있는 이야기가 없어 빈 탁자로 열었어요.',
  kept: '망가진 파일은 이 이름으로 남겨 두었어요.',
  goOn: '이어 가기',
};
