/** The bridge to the program through the window's own script object. */
import { CallFailed, Inbox, type Bridge } from './bridge';
import type { Answer, Batch } from './protocol.gen';

type Call = (method: string, params: unknown) => Promise<Answer | string>;

declare global {
  interface Window {
    pywebview?: { api?: { call?: Call } };
    personaReceive?: (batch: Batch) => void;
  }
}

const currentCall = (): Call | undefined => window.pywebview?.api?.call;

/** The script object appears some time after the page: its functions come with an event. */
function apiReady(): Promise<void> {
  if (currentCall()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = (): void => {
      if (!currentCall()) return;
      window.removeEventListener('pywebviewready', look);
      clearInterval(timer);
      resolve();
    };
    window.addEventListener('pywebviewready', look);
    const timer = setInterval(look, 50);
  });
}

export function connectPywebview(): Bridge {
  const inbox = new Inbox();
  window.personaReceive = inbox.receive;
  return {
    async call(method, params) {
      await apiReady();
      const call = currentCall() as Call;
      const raw = await call(method, params);
      const answer = (typeof raw === 'string' ? JSON.parse(raw) : raw) as Answer;
      if (answer.problem) throw new CallFailed(answer.problem);
      return answer.result as never;
    },
    onBatch: (listener) => inbox.listen(listener),
  };
}
