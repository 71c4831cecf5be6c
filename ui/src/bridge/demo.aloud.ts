/** Reading aloud in the demo: a program that takes a moment for every sentence and makes no sound. */
import type { AnyEvent, MethodName, Methods, SpeechVoices } from './protocol.gen';

type SpeechMethod = Extract<MethodName, `speech.${string}`>;

const SENTENCE_MS = 900;
const VOICES: SpeechVoices = {
  program: 'espeak-ng',
  own: false,
  voices: [
    { name: 'ko', label: 'Korean', language: 'ko' },
    { name: 'en-gb', label: 'English (Great Britain)', language: 'en-gb' },
    { name: 'ja', label: 'Japanese', language: 'ja' },
  ],
};

export function speechHandlers(emit: (...events: AnyEvent[]) => void): {
  [M in SpeechMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    'speech.voices': () => VOICES,
    'speech.choose_program': () => VOICES,
    'speech.forget_program': () => VOICES,
    'speech.audio': () => ({ kind: 'audio/wav', base64: SILENCE }),
    'speech.say': ({ speech_id, sentences }) => {
      clearTimeout(timer);
      const next = (index: number): void => {
        const over = index >= sentences.length;
        const state = over ? 'done' : 'saying';
        emit({ type: 'speech_changed', progress: { speech_id, index, state, problem: null } });
        if (!over) timer = setTimeout(() => next(index + 1), SENTENCE_MS);
      };
      next(0);
      return {};
    },
    'speech.stop': () => {
      clearTimeout(timer);
      return {};
    },
  };
}

/** One sample of nothing, as a WAV file. */
const SILENCE = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA==';
