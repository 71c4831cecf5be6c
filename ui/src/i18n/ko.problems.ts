/** The Korean words for everything that can go wrong: cause, way on, what is safe. */
import { diceProblems } from './ko.dice';
import { withParticle } from './josa';

export interface ProblemWords {
  title: string;
  text: string;
}

type Say = (provider: string) => ProblemWords;

const say =
  (title: string, text: string): Say =>
  () => ({ title, text });

export const problems = {
  dice: diceProblems,
  code: {
    not_installed: (p: string) => ({
      title: `${withParticle(p, '을/를')} 찾지 못했어요`,
      text: '아래 명령으로 설치한 뒤 다시 확인해 주세요. 적어 둔 말은 그대로 있어요.',
    }),
    signed_out: (p: string) => ({
      title: `${p}에서 로그아웃되어 있어요`,
      text: '터미널에서 아래 명령으로 로그인하면 이 말부터 다시 보낼 수 있어요.',
    }),
    key_refused: (p: string) => ({
      title: `${withParticle(p, '이/가')} 열쇠를 받아 주지 않아요`,
      text: '다시 로그인하거나 열쇠를 바꿔 주세요. 이야기는 그대로 있어요.',
    }),
    quota: (p: string) => ({
      title: `${p} 사용 한도에 닿았어요`,
      text: '한도가 다시 찰 때까지 기다리거나 다른 AI로 이어 가세요. 적어 둔 말은 그대로 있어요.',
    }),
    overloaded: (p: string) => ({
      title: `${p} 쪽이 지금 붐벼요`,
      text: '조금 뒤에 다시 쓰게 해 주세요. 적어 둔 말은 그대로 있어요.',
    }),
    network: (p: string) => ({
      title: `${p}까지 길이 닿지 않아요`,
      text: '인터넷 연결을 살펴본 뒤 다시 써 주세요. 이야기는 이 기기에 있어요.',
    }),
    timed_out: (p: string) => ({
      title: `${withParticle(p, '이/가')} 오래 말이 없어 멈췄어요`,
      text: '다시 써 보거나 설정에서 기다리는 시간을 늘려 주세요. 그때까지 온 글은 남겨 두었어요.',
    }),
    cut_off: (p: string) => ({
      title: `${withParticle(p, '이/가')} 말하다 끊겼어요`,
      text: '그때까지 온 글은 남겨 두었어요. 다시 쓰면 처음부터 새로 답합니다.',
    }),
    bad_model: (p: string) => ({
      title: `${p}에 그런 모델이 없어요`,
      text: '무대의 ‘AI와 기억’에서 모델을 바꿔 주세요. 적어 둔 말은 그대로 있어요.',
    }),
    too_long: (p: string) => ({
      title: `${withParticle(p, '이/가')} 읽기에 이야기가 길어요`,
      text: '기억하는 길이를 줄이거나 더 큰 모델로 바꿔 주세요. 지운 글은 없어요.',
    }),
    refused: (p: string) => ({
      title: `${withParticle(p, '이/가')} 이 말에는 답하지 않았어요`,
      text: '말을 조금 바꾸거나 다른 AI로 이어 가세요. 적은 말은 그대로 있어요.',
    }),
    crashed: (p: string) => ({
      title: `${withParticle(p, '이/가')} 갑자기 끝났어요`,
      text: '다시 쓰거나 다른 AI로 바꿔 보세요. 그때까지 온 글은 남겨 두었어요.',
    }),
    unreadable: (p: string) => ({
      title: `${p}의 답을 읽지 못했어요`,
      text: '다시 쓰거나 다른 AI로 바꿔 보세요. 이야기는 그대로 있어요.',
    }),
    unsafe_setup: (p: string) => ({
      title: `${withParticle(p, '을/를')} 안전하게 가둘 수 없어 쓰지 않았어요`,
      text: '이 판은 말하기 말고 다른 일을 할 수 있어요. 새 판으로 올리거나 다른 AI를 골라 주세요.',
    }),
    invalid_request: say(
      '보낸 것이 맞지 않아요',
      '적은 것을 살펴보고 다시 해 주세요. 아무것도 바뀌지 않았어요.',
    ),
    not_found: say(
      '찾는 것이 이제 없어요',
      '다른 곳에서 지웠을 수 있어요. 나머지 이야기는 그대로 있어요.',
    ),
    busy: say(
      '아직 답하는 중이에요',
      '끝나길 기다리거나 멈춘 뒤 다시 해 주세요. 적은 말은 그대로 있어요.',
    ),
    nothing_to_say: say(
      '아무도 할 말이 없었어요',
      '인물을 앉히거나 한마디를 더 건네 보세요. 이야기는 그대로 있어요.',
    ),
    locked: say(
      '프로필이 잠겨 있어요',
      '암호로 열면 이어 갈 수 있어요. 이야기는 봉해 둔 그대로 있어요.',
    ),
    wrong_password: say(
      '암호가 달라요',
      '한/영과 Caps Lock을 살펴보고 다시 적어 주세요. 이야기는 그대로 있어요.',
    ),
    no_keyring: say(
      '열쇠고리를 쓸 수 없어요',
      '이 컴퓨터에 열쇠고리가 없거나 잠겨 있어요. 파일에는 적지 않아요. 원하면 이번 실행 동안만 기억할게요.',
    ),
    storage_full: say(
      '디스크가 가득 찼어요',
      '자리를 비운 뒤 다시 해 주세요. 앞서 저장된 이야기는 그대로 있어요.',
    ),
    storage_failed: say(
      '저장하지 못했어요',
      '디스크를 살펴본 뒤 다시 해 주세요. 앞서 저장된 이야기는 그대로 있어요.',
    ),
    damaged: say(
      '파일이 망가져 있어요',
      '창을 새로 열면 백업으로 이어 갈 길을 보여 드려요. 망가진 파일은 그대로 남겨 둡니다.',
    ),
    bad_file: say(
      '이 파일은 가져올 수 없어요',
      '읽을 수 없거나 망가진 파일이에요. 지금 있는 이야기는 하나도 바뀌지 않았어요.',
    ),
    newer_data: say(
      '더 새 판에서 만든 이야기예요',
      'Persona Chat을 새 판으로 올리면 열려요. 이야기는 건드리지 않았어요.',
    ),
    bug: say(
      '뜻밖의 일이 있었어요',
      '다시 해 보고, 또 그러면 기록 번호를 알려 주세요. 저장된 이야기는 그대로 있어요.',
    ),
  },
  way: {
    retry: '다시 쓰기',
    check: '다시 확인',
    change_model: '모델 바꾸기',
    change_provider: '다른 AI로',
    shorten: '기억 줄이기',
    close: '알림 닫기',
  },
  detail: 'AI가 남긴 말',
  logId: (id: string) => `기록 번호 ${id}`,
  retryAt: (time: string) => `${time}에 다시 채워집니다.`,
  waited: (seconds: number) => `${seconds}초를 기다렸어요.`,
  exitCode: (code: number) => `끝난 번호 ${code}`,
  field: (path: string) => `맞지 않는 곳: ${path}`,
};
