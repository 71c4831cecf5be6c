/** The Korean words for a formula that cannot be rolled. */
import type { DiceProblemCode } from '../bridge/protocol.gen';

const codes: Record<DiceProblemCode, string> = {
  empty: '굴릴 식이 없어요. 예: /roll 2d6+3 적은 말은 그대로 있어요.',
  too_long: '식이 너무 길어요. 200자까지 읽습니다. 적은 말은 그대로 있어요.',
  too_deep: '괄호가 너무 여러 겹이에요. 적은 말은 그대로 있어요.',
  too_large: '수가 너무 커요. 적은 말은 그대로 있어요.',
  too_many_dice: '한 번에 500개까지 굴릴 수 있어요. 적은 말은 그대로 있어요.',
  too_many_sides: '주사위 면은 백만까지 됩니다. 적은 말은 그대로 있어요.',
  too_many_repeats: '한 번에 20번까지 되풀이할 수 있어요. 적은 말은 그대로 있어요.',
  no_sides: '면이 몇인 주사위인지 적어 주세요. 예: 1d20 적은 말은 그대로 있어요.',
  no_dice: '식에 주사위가 없어요. 예: 1d20 적은 말은 그대로 있어요.',
  no_choice: '고를 것이 없어요. 예: choice(빵, 밥) 적은 말은 그대로 있어요.',
  endless: '끝없이 다시 굴리게 되는 식이에요. 적은 말은 그대로 있어요.',
  twice: '같은 것을 두 번 적었어요. 적은 말은 그대로 있어요.',
  unexpected: '읽을 수 없는 글자가 있어요. 적은 말은 그대로 있어요.',
  unfinished: '식이 끝나지 않았어요. 적은 말은 그대로 있어요.',
  divided_by_zero: '0으로 나눌 수 없어요. 적은 말은 그대로 있어요.',
  bonus_out_of_range: '보너스·페널티 주사위 수가 맞지 않아요. 적은 말은 그대로 있어요.',
  advantage_of_one_die: '유리·불리는 주사위 하나로 굴릴 수 없어요. 적은 말은 그대로 있어요.',
  no_contest: '대항에는 판정이 둘 있어야 해요. 적은 말은 그대로 있어요.',
};

export const diceProblems = { title: '이 식은 굴릴 수 없어요', codes };
