/** Reading aloud. */
import type { Catalogue } from './catalogue';

const number = new Intl.NumberFormat('en');
const n = (value: number): string => number.format(value);

export const aloud: Catalogue['aloud'] = {
  read: 'Read aloud',
  readOn: 'Read aloud from here',
  reading: 'Reading',
  paused: 'Paused',
  place: (at: number, all: number) => `Sentence ${n(at)} of ${n(all)}`,
  pause: 'Pause',
  resume: 'Go on reading',
  next: 'Next sentence',
  stop: 'Stop reading',
  show: 'Show what is being read',
  follow: 'Read new answers too',
  nothing: 'There is nothing to read here.',
  noVoice: {
    page: 'The voices of this window could not read it',
    command: 'There is no program to read aloud with',
    server: 'The sound that came could not be played',
  },
  noVoiceText: {
    page: 'Choose another way in the settings.',
    command: 'On Linux install espeak-ng, or choose a program or a speech server in the settings.',
    server: 'Check the server, the model and the voice in the settings.',
  },
  lede: 'Press “Read aloud” among a message’s tools, or L with the focus on it. Reading never starts by itself.',
  way: 'Read by',
  ways: { auto: 'Automatic', page: 'Window voices', command: 'Program', server: 'Speech server' },
  wayHint: {
    auto: 'By a voice of this window if one speaks the language of the story, otherwise by a program.',
    page: 'The voices of Windows and macOS. On Linux there are none that speak Korean.',
    command: 'The text is handed over by standard input. No shell is involved.',
    server: 'A speech server of the OpenAI kind. The text that is read goes to that server.',
  },
  program: 'Program',
  programNone: 'None was found.',
  programFound: (name: string, voices: number) =>
    `${name} · ${voices === 1 ? '1 voice' : `${n(voices)} voices`}`,
  programOwn: (name: string) => `${name} · your choice`,
  programChoose: 'Choose…',
  programForget: 'Back to the usual one',
  arguments: 'Arguments of the program',
  argumentsHint:
    'One on each line. {voice}, {language}, {speed} and {pitch} are replaced by what is asked for.',
  server: 'Server',
  serverHint: 'One of the servers under “AI connection”, with its key.',
  serverNone: 'None chosen',
  serverModel: 'Speech model',
  voice: 'Voice',
  voiceHint: 'Of the narrator, and of everyone without a voice of their own.',
  voiceUsual: 'One that fits the language',
  voiceOwn: 'This person’s voice',
  voiceShared: 'The voice of the settings',
  speed: 'Speed',
  pitch: 'Pitch',
  percent: (value: number) => `${n(value)}%`,
  try: 'Try it',
  trial: 'The fog lifted, and the light of the tower fell long across the water.',
  quotesOnly: 'Of narration read only what is in quotation marks',
  skipActions: 'Skip *actions*',
  narrator: 'Read the narrator too',
  followTitle: 'Read new answers in this room',
  followHint: 'Ends when you change rooms or close the app.',
};
