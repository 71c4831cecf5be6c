/** The three ways to be heard behind one word: sentences in, what is being read out. */
import { problemOf } from '../../bridge/bridge';
import type { Problem, Spoken, SpeechProgress, SpokenVoice } from '../../bridge/protocol.gen';
import type { Connection } from '../connection.svelte';

export interface Line {
  text: string;
  language: string;
  voice: SpokenVoice;
}

export interface Ears {
  saying: (index: number) => void;
  done: () => void;
  failed: (problem: Problem | null) => void;
}

/** Ends what is being said; nothing is told any more afterwards. */
export type Hush = () => void;

export interface Speaker {
  say(lines: Line[], ears: Ears): Hush;
}

/** The voices of the page's engine, as far as it has any. */
export class PageSpeaker implements Speaker {
  constructor(private readonly synthesis: SpeechSynthesis | undefined) {}

  get voices(): SpeechSynthesisVoice[] {
    return this.synthesis?.getVoices() ?? [];
  }

  speaks(language: string): boolean {
    return this.voices.some((voice) => sameLanguage(voice.lang, language));
  }

  say(lines: Line[], ears: Ears): Hush {
    const { synthesis } = this;
    let hushed = synthesis === undefined;
    const next = (at: number): void => {
      if (hushed) return;
      const line = lines[at];
      if (!line) return ears.done();
      const spoken = new SpeechSynthesisUtterance(line.text);
      const own = this.voices.find((voice) => voice.name === line.voice.name);
      const usual = this.voices.find((voice) => sameLanguage(voice.lang, line.language));
      spoken.voice = own ?? usual ?? null;
      spoken.lang = spoken.voice?.lang ?? line.language;
      spoken.rate = line.voice.speed / 100;
      spoken.pitch = line.voice.pitch / 100;
      spoken.onend = () => next(at + 1);
      spoken.onerror = () => hushed || ears.failed(null);
      ears.saying(at);
      synthesis?.speak(spoken);
    };
    if (synthesis) next(0);
    else ears.failed(null);
    return () => {
      hushed = true;
      synthesis?.cancel();
    };
  }
}

/** A program of this machine: the page hears of it by events. */
export class ProgramSpeaker implements Speaker {
  #id = '';
  #ears: Ears | undefined;

  constructor(private readonly connection: Connection) {}

  say(lines: Line[], ears: Ears): Hush {
    const id = crypto.randomUUID();
    this.#id = id;
    this.#ears = ears;
    const sentences: Spoken[] = lines.map((line) => ({ ...line }));
    const begun = this.connection
      .call('speech.say', { speech_id: id, sentences })
      .catch((error: unknown) => {
        if (this.#id === id) ears.failed(problemOf(error));
      });
    return () => {
      if (this.#id === id) this.#id = '';
      // Not before the program knows of it: otherwise there would be nothing to stop yet.
      void begun
        .then(() => this.connection.call('speech.stop', { speech_id: id }))
        .catch(() => undefined);
    };
  }

  told({ speech_id, index, state, problem }: SpeechProgress): void {
    const ears = this.#ears;
    if (speech_id !== this.#id || !ears) return;
    if (state === 'saying') return ears.saying(index);
    this.#id = '';
    if (state === 'done') ears.done();
    else ears.failed(problem);
  }
}

/** A server's sound, played here; the next sentence is fetched while one is heard. */
export class ServerSpeaker implements Speaker {
  constructor(private readonly connection: Connection) {}

  say(lines: Line[], ears: Ears): Hush {
    let hushed = false;
    let player: HTMLAudioElement | undefined;
    const fetched = new Map<number, Promise<string>>();
    const sound = (at: number): Promise<string> | undefined => {
      const line = lines[at];
      if (!line || hushed) return undefined;
      const found = fetched.get(at) ?? this.#fetch(line);
      found.catch(() => undefined);
      fetched.set(at, found);
      return found;
    };
    const run = async (): Promise<void> => {
      for (let at = 0; at < lines.length && !hushed; at += 1) {
        const url = await sound(at);
        if (hushed || !url) return;
        fetched.delete(at);
        void sound(at + 1);
        ears.saying(at);
        player = new Audio(url);
        await played(player);
      }
      if (!hushed) ears.done();
    };
    run().catch((error: unknown) => {
      if (!hushed) ears.failed(error instanceof Silent ? null : problemOf(error));
    });
    return () => {
      hushed = true;
      player?.pause();
    };
  }

  async #fetch(line: Line): Promise<string> {
    const { kind, base64 } = await this.connection.call('speech.audio', { ...line });
    return `data:${kind};base64,${base64}`;
  }
}

/** The engine cannot play it. */
class Silent extends Error {}

function played(player: HTMLAudioElement): Promise<void> {
  return new Promise((resolve, reject) => {
    player.onended = () => resolve();
    player.onerror = () => reject(new Silent());
    player.play().catch(() => reject(new Silent()));
  });
}

const short = (language: string): string => language.split(/[-_]/u)[0]?.toLowerCase() ?? '';

export const sameLanguage = (a: string, b: string): boolean => short(a) === short(b);
