import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import App from '../../src/App.svelte';
import { pageProblem } from '../../src/bridge/bridge';
import { connectDemo } from '../../src/bridge/demo';
import type { Opened, Turn } from '../../src/bridge/protocol.gen';
import { clock } from '../../src/i18n/time.svelte';
import { turn } from '../bridge';

/** The demo's room as if this had been its last turn. */
async function after(last: Partial<Turn>): Promise<void> {
  const demo = connectDemo({ paceMs: 0 });
  render(App, {
    bridge: {
      ...demo,
      call: async (method, params) => {
        const answer = await demo.call(method, params);
        if (method !== 'app.open') return answer;
        const first = answer as Opened;
        const room = first.room && {
          ...first.room,
          usage: null,
          last_turn: turn('t1', { room_id: first.room.room.id, ...last }),
        };
        return { ...first, room } as typeof answer;
      },
    },
  });
  await screen.findByTestId('app-ready');
}

const limited = (retryAt: number): Partial<Turn> => ({
  outcome: 'failed',
  problem: pageProblem('quota', { provider: 'claude', retry_at: retryAt }),
});

it('tells when a limit is filled again, by the hour', async () => {
  const at = Date.now();
  await after(limited(at));
  const told = (await screen.findByTestId('problem')).textContent;
  expect(told).toContain(`${clock(at)}에 다시 채워집니다.`);
});

it('tells the day too where it is not today', async () => {
  const at = Date.now() + 3 * 24 * 3_600_000;
  await after(limited(at));
  const day = `${new Date(at).getMonth() + 1}월 ${new Date(at).getDate()}일`;
  expect((await screen.findByTestId('problem')).textContent).toContain(day);
});

it('says in the top bar where an AI tells nothing of its tokens', async () => {
  await after({ outcome: 'complete' });
  expect(screen.getByTestId('token-meter').textContent).toContain('토큰 정보 없음');
});
