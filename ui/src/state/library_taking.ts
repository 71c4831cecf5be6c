/** What an entry of the library would change on a stage: told before it happens; pure. */
import type { Contents, LibraryKind, Methods, Stage } from '../bridge/protocol.gen';

export type ApplyPart = NonNullable<Methods['library.apply']['params']['part']>;

export type Part = 'world' | 'situation' | 'me' | 'narrator' | 'characters' | 'rest';

export interface Change {
  part: Part;
  before: string;
  after: string;
}

const names = (stage: Pick<Stage, 'characters'>): string =>
  stage.characters.map((each) => each.name).join(', ');

const persona = ({ name, description }: Stage['me']): string =>
  [name, description].filter(Boolean).join(' · ');

const REST: readonly (keyof Stage)[] = [
  'language',
  'provider',
  'model',
  'window',
  'retention',
  'conversation',
  'choices',
  'output',
  'pace',
  'separation',
  'lorebooks',
];

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** The parts that would be another; what stays as it is is left out. */
export function changes(
  stage: Stage,
  kind: LibraryKind,
  name: string,
  contents: Contents,
  of: ApplyPart = 'whole',
): Change[] {
  switch (contents.type) {
    case 'text':
      if (kind === 'npc') return [seat(stage, name)];
      return text(kind === 'situation' ? 'situation' : 'world', stage, contents.text);
    case 'persona':
      return differs(stage.me, contents.persona)
        ? [{ part: 'me', before: persona(stage.me), after: persona(contents.persona) }]
        : [];
    case 'character':
      return [seat(stage, contents.character.name)];
    case 'stage':
      return whole(stage, preset(stage, contents.stage, of));
    case 'lore':
      return [];
  }
}

/** The stage with the part of a preset that is taken. */
function preset(now: Stage, from: Stage, part: ApplyPart): Stage {
  if (part === 'whole') return from;
  return part === 'character' ? now : { ...now, [part]: from[part] };
}

function seat(stage: Stage, name: string): Change {
  return {
    part: 'characters',
    before: names(stage),
    after: [names(stage), name].filter(Boolean).join(', '),
  };
}

function text(part: 'world' | 'situation', stage: Stage, after: string): Change[] {
  return stage[part] === after ? [] : [{ part, before: stage[part], after }];
}

function whole(now: Stage, next: Stage): Change[] {
  const found = [...text('world', now, next.world), ...text('situation', now, next.situation)];
  if (differs(now.me, next.me))
    found.push({ part: 'me', before: persona(now.me), after: persona(next.me) });
  if (differs(now.narrator, next.narrator))
    found.push({
      part: 'narrator',
      before: now.narrator.description,
      after: next.narrator.description,
    });
  if (differs(now.characters, next.characters))
    found.push({ part: 'characters', before: names(now), after: names(next) });
  if (REST.some((key) => differs(now[key], next[key])))
    found.push({ part: 'rest', before: '', after: '' });
  return found;
}

/** The stage as it was in everything that the taking changed; what was written since stays. */
export function takenBack(now: Stage, before: Stage, after: Stage): Stage {
  const back = { ...now };
  const put = <K extends keyof Stage>(key: K): void => {
    if (differs(before[key], after[key])) back[key] = before[key];
  };
  for (const key of Object.keys(before) as (keyof Stage)[]) put(key);
  return back;
}
