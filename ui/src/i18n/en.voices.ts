/** The English words of who speaks next, of turns that come by themselves and of AIs of one's own. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('en');
const n = (value: number): string => number.format(value);

export const voices: Catalogue['voices'] = {
  answering: 'How the table answers',
  ensemble: 'All together',
  single: 'One at a time',
  answeringHint: {
    ensemble: 'Several people speak in one answer.',
    single: 'One person speaks per turn. The secrets of others are not passed on.',
  },
  nextBy: 'Who speaks next',
  roundRobin: 'By seat',
  mention: 'Whoever is named',
  auto: 'Go on by itself',
  delay: 'Pause in between',
  atOnce: 'None',
  seconds: (count) => `${n(count)} s`,
  limit: 'At most',
  times: (count) => `${n(count)} turns`,
  endless: 'No limit',
  start: 'Let it go on by itself',
  stop: 'Stop going on by itself',
  stopShort: 'Stop',
  goOn: 'Next person speaks',
  going: 'Going on by itself',
  count: (count, limit) => (limit === null ? n(count) : `${n(count)} / ${n(limit)}`),
  soon: (name) => `${name} next`,
  choose: (name) => `${name} speaks next`,
  ended: {
    limit: 'It went on as long as you allowed.',
    addressed: 'Somebody spoke to you. It is your turn.',
    problem: 'It stopped because of a problem.',
    restaged: 'It stopped: other people speak now.',
  },
  ownAi: 'AI of this person',
  ownAiNarrator: 'AI of the narrator',
  roomAi: (name) => `Same as the room · ${name}`,
  ownAiHint: 'Another AI plays this person alone and answers in turn.',
  by: (name) => `answered by ${name}`,
};
