/** The English words for a formula that cannot be rolled. */
import type { DiceProblemCode } from '../bridge/protocol.gen';

const codes: Record<DiceProblemCode, string> = {
  empty: 'There is nothing to roll. For example: /roll 2d6+3 What you typed is still there.',
  too_long: 'The formula is too long; 200 characters are read. What you typed is still there.',
  too_deep: 'The parentheses go too deep. What you typed is still there.',
  too_large: 'A number is too large. What you typed is still there.',
  too_many_dice: 'Up to 500 dice can be rolled at once. What you typed is still there.',
  too_many_sides: 'A die may have up to a million sides. What you typed is still there.',
  too_many_repeats: 'A roll can be repeated up to 20 times. What you typed is still there.',
  no_sides: 'Say how many sides the die has. For example: 1d20 What you typed is still there.',
  no_dice: 'There are no dice in the formula. For example: 1d20 What you typed is still there.',
  no_choice:
    'There is nothing to choose from. For example: choice(bread, rice) What you typed is still there.',
  endless: 'These dice would be thrown again for ever. What you typed is still there.',
  twice: 'Something is said twice. What you typed is still there.',
  unexpected: 'Something in the formula cannot be read. What you typed is still there.',
  unfinished: 'The formula is not finished. What you typed is still there.',
  divided_by_zero: 'Nothing can be divided by 0. What you typed is still there.',
  bonus_out_of_range:
    'That many bonus or penalty dice cannot be rolled. What you typed is still there.',
  advantage_of_one_die:
    'Advantage needs a die that can be thrown twice. What you typed is still there.',
  no_contest: 'An opposed roll needs two checks. What you typed is still there.',
};

export const diceProblems = { title: 'This cannot be rolled', codes };
