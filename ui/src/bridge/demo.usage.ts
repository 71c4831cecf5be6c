/** What the demo's AIs have used: the same sums as the program keeps. */
import type { Message, Turn, UsageSum, UsageSums } from './protocol.gen';

export const NOTHING: UsageSum = {
  turns: 0,
  estimated: 0,
  priced: 0,
  input: 0,
  cache_read: 0,
  cache_write: 0,
  output: 0,
  reasoning: 0,
  cost_usd: null,
};

export const noUsage = (roomId: string): UsageSums => ({
  room_id: roomId,
  today: NOTHING,
  all: NOTHING,
  ways: [],
  speakers: [],
  rooms: [],
});

const NUMBERS = ['input', 'cache_read', 'cache_write', 'output', 'reasoning'] as const;

function plus(sum: UsageSum, turn: Turn, part = 1): UsageSum {
  const next = { ...sum, turns: sum.turns + 1 };
  for (const name of NUMBERS) next[name] += Math.round(turn.usage[name] * part);
  if (turn.usage.cost_usd !== null) {
    next.priced += 1;
    next.cost_usd = (next.cost_usd ?? 0) + turn.usage.cost_usd * part;
  }
  return next;
}

/** The sums with one more turn in them, shared out by what each of its speakers said. */
export function withTurn(sums: UsageSums, turn: Turn, said: readonly Message[]): UsageSums {
  if (turn.usage.source === 'none') return sums;
  const all = plus(sums.all, turn);
  const ways = sums.ways.filter(
    (one) => one.provider !== turn.provider || one.model !== turn.model,
  );
  const way = sums.ways.find((one) => !ways.includes(one))?.all ?? NOTHING;
  const now = plus(way, turn);
  ways.push({ provider: turn.provider, model: turn.model, today: now, all: now });
  const speakers = [...sums.speakers];
  const whole = said.reduce((length, one) => length + one.text.length, 0) || 1;
  for (const { author, text } of said) {
    const kind = author.kind === 'narrator' ? 'narrator' : 'character';
    const id = kind === 'narrator' ? '' : author.id || author.name;
    const at = speakers.findIndex((one) => one.kind === kind && one.author === id);
    const share = plus(speakers[at]?.all ?? NOTHING, turn, text.length / whole);
    const row = { kind, author: id, name: author.name, today: share, all: share } as const;
    if (at < 0) speakers.push(row);
    else speakers[at] = row;
  }
  return { ...sums, today: all, all, ways, speakers };
}

function sumOf(sums: readonly UsageSum[]): UsageSum {
  const all = { ...NOTHING };
  for (const one of sums) {
    for (const name of [...NUMBERS, 'turns', 'estimated', 'priced'] as const)
      all[name] += one[name];
    if (one.cost_usd !== null) all.cost_usd = (all.cost_usd ?? 0) + one.cost_usd;
  }
  return all;
}

/** Rows of several rooms, those of one key made one. */
function merged<Row extends { today: UsageSum; all: UsageSum }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const before = found.get(keyOf(row));
    const today = sumOf([row.today, ...(before ? [before.today] : [])]);
    const all = sumOf([row.all, ...(before ? [before.all] : [])]);
    found.set(keyOf(row), { ...row, today, all });
  }
  return [...found.values()];
}

/** All rooms together, by the titles they have. */
export function together(
  rooms: readonly UsageSums[],
  titleOf: (roomId: string) => string = (id) => id,
): UsageSums {
  const all = sumOf(rooms.map((one) => one.all));
  const used = rooms.filter((one) => one.all.turns > 0);
  return {
    ...noUsage(''),
    today: all,
    all,
    ways: merged(
      used.flatMap((one) => one.ways),
      (one) => `${one.provider}\n${one.model}`,
    ),
    speakers: merged(
      used.flatMap((one) => one.speakers.map((each) => ({ ...each, author: each.name }))),
      (one) => `${one.kind}\n${one.author}`,
    ),
    rooms: used.map(({ room_id, today, all: whole }) => ({
      room_id,
      title: titleOf(room_id),
      today,
      all: whole,
    })),
  };
}
