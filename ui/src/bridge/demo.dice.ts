/** Dice in the demo: one handful with a sum and a target, thrown and proved. */
import { CallFailed, pageProblem } from './bridge';
import type { Author, Face, Message, MethodName, Methods, SealedRoll } from './protocol.gen';

type DiceMethod = Extract<MethodName, `dice.${string}`>;

const THROWER: Author = { kind: 'dice', name: '', id: '', dye: '' };

interface Rolled {
  roll: SealedRoll;
}
type Tree = {
  change: (id: string, part: Rolled) => Message;
  path: () => Message[];
};

function face(sides: number): Face {
  const rolled = 1 + Math.floor(Math.random() * sides);
  return { sides, rolled, value: rolled, kept: true, exploded: false, rerolled: false };
}

function thrown(text: string): SealedRoll {
  const found = /^\/(?:roll|r)\s+(\d{0,2})d(\d{1,3})([+-]\d+)?(?:>=(\d+))?\s*(.*)$/iu.exec(
    text.trim(),
  );
  if (!found) throw new CallFailed(pageProblem('invalid_request'));
  const [, count, sides, plus = '', target, label = ''] = found;
  const faces = Array.from({ length: Number(count || 1) }, () => face(Number(sides)));
  const total = faces.reduce((sum, each) => sum + each.value, Number(plus || 0));
  const passed = target === undefined ? null : total >= Number(target);
  const formula = text.trim().split(/\s+/u)[1] ?? '';
  return {
    id: crypto.randomUUID(),
    time: Date.now(),
    hash: [...crypto.getRandomValues(new Uint8Array(32))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(''),
    roll: {
      formula,
      normalised: formula,
      label,
      secret: false,
      contest: '',
      outcomes: [
        {
          system: 'sum',
          groups: [{ notation: formula, faces, total }],
          total,
          target: target === undefined ? null : Number(target),
          comparison: target === undefined ? '' : '>=',
          successes: null,
          passed,
          grade: passed === null ? '' : passed ? 'success' : 'failure',
          grades: [],
          totals: [],
          bonus: 0,
          difficulty: '',
          loss: null,
          left: null,
          picked: '',
        },
      ],
    },
  };
}

export function diceHandlers(
  store: (room_id: string, author: Author, text: string) => Message,
  tree: (room_id: string) => Tree,
): { [M in DiceMethod]: (params: Methods[M]['params']) => Methods[M]['result'] } {
  return {
    'dice.roll': ({ room_id, text }) => {
      const roll = thrown(text);
      const { id } = store(room_id, THROWER, text);
      return { messages: [tree(room_id).change(id, { roll })] };
    },
    'dice.verify': ({ room_id }) => {
      const rolled = tree(room_id)
        .path()
        .filter((each) => each.roll);
      return { count: rolled.length, holds: true, message_ids: rolled.map(({ id }) => id) };
    },
  };
}
