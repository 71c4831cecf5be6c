/** Reading aloud: what is read now, by whom, and what comes after it. Never begins by itself. */
import { DEFAULT_SETTINGS } from '../bridge/protocol.gen';
import type {
  Message,
  Problem,
  SpeechProgress,
  SpeechVoices,
  SpokenVoice,
  Turn,
} from '../bridge/protocol.gen';
import { problemOf } from '../bridge/bridge';
import { sentencesOf } from '../text/speaking';
import type { Connection } from './connection.svelte';
import type { Notices } from './notices.svelte';
import type { SettingsState } from './settings.svelte';
import { PageSpeaker, ProgramSpeaker, ServerSpeaker } from './speaking/speaker';
import type { Hush, Line, Speaker } from './speaking/speaker';
import type { StageState } from './stage.svelte';
import type { TableState } from './table.svelte';

/** A sentence with its place on the table. */
export interface Place extends Line {
  messageId: string;
  name: string;
  start: number;
  end: number;
}

export interface VoiceChoice {
  name: string;
  label: string;
  language: string;
}

/** As many as one call takes. */
const MOST = 5_000;

export class AloudState {
  phase: 'off' | 'playing' | 'paused' = $state('off');
  /** The room whose new answers are read; for this run of the page only. */
  #followed = $state('');
  #places: Place[] = $state.raw([]);
  #at = $state(0);
  /** What the program knows to speak with; `undefined` until it was asked. */
  program: SpeechVoices | undefined = $state.raw();
  /** The page's engine tells its voices late. */
  #pageVoices: VoiceChoice[] = $state.raw([]);

  readonly #page: PageSpeaker;
  readonly #command: ProgramSpeaker;
  readonly #server: ServerSpeaker;
  #hush: Hush | undefined;
  #roomId = '';

  constructor(
    private readonly connection: Connection,
    private readonly notices: Notices,
    private readonly settings: SettingsState,
    private readonly table: TableState,
    private readonly stage: StageState,
    synthesis: SpeechSynthesis | undefined = globalThis.speechSynthesis,
  ) {
    this.#page = new PageSpeaker(synthesis);
    this.#command = new ProgramSpeaker(connection);
    this.#server = new ServerSpeaker(connection);
    const listed = (): void => {
      this.#pageVoices = this.#page.voices.map(({ name, lang }) => ({
        name,
        label: name,
        language: lang,
      }));
    };
    listed();
    synthesis?.addEventListener?.('voiceschanged', listed);
  }

  get on(): boolean {
    return this.phase !== 'off';
  }

  /** The sentence that is read, or would be next. */
  get place(): Place | undefined {
    return this.on ? this.#places[this.#at] : undefined;
  }

  get count(): { at: number; all: number } {
    return { at: this.#at + 1, all: this.#places.length };
  }

  get hasNext(): boolean {
    return this.#at + 1 < this.#places.length;
  }

  get following(): boolean {
    return this.#followed !== '' && this.#followed === this.table.roomId;
  }

  /** Which way is taken now; the voices of the page only where it has one of the language. */
  get way(): 'page' | 'command' | 'server' {
    const { way } = this.settings.value.speech;
    if (way !== 'auto') return way;
    const { language } = this.stage.value;
    void this.#pageVoices;
    return this.#page.speaks(language) ? 'page' : 'command';
  }

  /** The voices that can be chosen from now; those of the story's language come first. */
  get voices(): VoiceChoice[] {
    const all =
      this.way === 'page'
        ? this.#pageVoices
        : this.way === 'command'
          ? (this.program?.voices ?? [])
          : [];
    const { language } = this.stage.value;
    const ours = (each: VoiceChoice): boolean => each.language.toLowerCase().startsWith(language);
    return [...all.filter(ours), ...all.filter((each) => !ours(each))];
  }

  /** Asks once what this machine can speak with. */
  async look(): Promise<void> {
    if (!this.program) await this.#learn('speech.voices');
  }

  choose(): Promise<void> {
    return this.#learn('speech.choose_program');
  }

  forget(): Promise<void> {
    return this.#learn('speech.forget_program');
  }

  /** Reads one message, or all from it on. */
  play(messageId: string, onward = false): void {
    const { utterances } = this.table;
    const from = utterances.findIndex((each) => each.id === messageId);
    if (from < 0) return;
    const rows = utterances.slice(from, onward ? undefined : from + 1);
    this.#begin(rows.flatMap((each) => this.#placesOf(each.message)));
  }

  /** Space: a sentence that was broken off is read from its beginning. */
  toggle(): void {
    if (this.phase === 'playing') {
      this.#silence();
      this.phase = 'paused';
    } else if (this.phase === 'paused') this.#speak(this.#at);
  }

  next(): void {
    if (!this.hasNext) return this.stop();
    if (this.phase === 'paused') this.#at += 1;
    else this.#speak(this.#at + 1);
  }

  stop(): void {
    this.#silence();
    this.phase = 'off';
    this.#places = [];
    this.#at = 0;
  }

  /** A sentence to judge a voice by. */
  try(text: string, voice: SpokenVoice): void {
    const { language } = this.settings.value;
    this.#begin([{ text, language, voice, messageId: '', name: '', start: 0, end: 0 }]);
  }

  follow(on: boolean): void {
    this.#followed = on ? this.table.roomId : '';
  }

  told(progress: SpeechProgress): void {
    this.#command.told(progress);
  }

  /** Another room lies on the table. */
  entered(roomId: string): void {
    if (roomId === this.#roomId) return;
    this.#roomId = roomId;
    this.#followed = '';
    this.stop();
  }

  /** An answer is complete: read only where somebody has asked for it. */
  turnEnded(turn: Turn): void {
    if (!this.following || turn.room_id !== this.table.roomId) return;
    const fresh = this.table.utterances
      .filter((each) => each.message.turn_id === turn.id && each.message.author.kind !== 'user')
      .flatMap((each) => this.#placesOf(each.message));
    if (fresh.length === 0) return;
    if (this.phase === 'off') this.#begin(fresh);
    else this.#places = [...this.#places, ...fresh];
  }

  #placesOf(message: Message): Place[] {
    const { speech } = this.settings.value;
    const { language, characters } = this.stage.value;
    const { kind, id, name } = message.author;
    if (kind === 'note' || kind === 'dice' || message.roll) return [];
    if (message.status === 'streaming' || (kind === 'narrator' && !speech.narrator)) return [];
    const own = characters.find((each) => each.id !== '' && each.id === id)?.voice;
    const reading = {
      language,
      narration: kind === 'narrator',
      quotesOnly: speech.quotes_only,
      skipActions: speech.skip_actions,
    };
    const voice = together(speech.voice, own);
    return sentencesOf(message.text, reading).map((sentence) => ({
      ...sentence,
      language,
      voice,
      messageId: message.id,
      name,
    }));
  }

  #begin(places: Place[]): void {
    this.stop();
    if (places.length === 0) return this.notices.show({ kind: 'nothing_aloud' });
    this.#places = places;
    this.#speak(0);
  }

  #speak(from: number): void {
    this.#silence();
    this.#at = from;
    this.phase = 'playing';
    const said = this.#places.slice(from, from + MOST);
    const lines = said.map(({ text, language, voice }) => ({ text, language, voice }));
    this.#hush = this.#speaker.say(lines, {
      saying: (index) => (this.#at = from + index),
      done: () => this.#over(from + said.length),
      failed: (problem) => this.#failed(problem),
    });
  }

  get #speaker(): Speaker {
    return { page: this.#page, command: this.#command, server: this.#server }[this.way];
  }

  /** More may have come while the last sentence was read. */
  #over(next: number): void {
    this.#hush = undefined;
    if (next < this.#places.length) this.#speak(next);
    else this.stop();
  }

  #failed(problem: Problem | null): void {
    const { way } = this;
    this.#hush = undefined;
    this.stop();
    if (problem && problem.code !== 'not_installed')
      this.notices.show({ kind: 'problem', problem });
    else this.notices.show({ kind: 'no_voice', way });
  }

  #silence(): void {
    this.#hush?.();
    this.#hush = undefined;
  }

  async #learn(
    method: 'speech.voices' | 'speech.choose_program' | 'speech.forget_program',
  ): Promise<void> {
    try {
      this.program = await this.connection.call(method, {});
    } catch (error) {
      this.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }
}

/** A voice of one's own over the usual one: its name alone, its speed and pitch on top. */
export function together(usual: SpokenVoice, own: SpokenVoice | undefined): SpokenVoice {
  if (!own) return usual;
  return {
    name: own.name || usual.name,
    speed: within((usual.speed * own.speed) / 100, 50, 200),
    pitch: within((usual.pitch * own.pitch) / 100, 50, 150),
  };
}

const within = (value: number, low: number, high: number): number =>
  Math.round(Math.min(high, Math.max(low, value)));

export const DEFAULT_VOICE: SpokenVoice = DEFAULT_SETTINGS.speech.voice;
