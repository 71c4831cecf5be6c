import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import App from '../../src/App.svelte';
import { connectDemo } from '../../src/bridge/demo';
import { noUsage, NOTHING } from '../../src/bridge/demo.usage';
import type { UsageSum, UsageSums } from '../../src/bridge/protocol.gen';

const sum = (input: number, more: Partial<UsageSum> = {}): UsageSum => ({
  ...NOTHING,
  turns: 1,
  input,
  ...more,
});

async function shown(everywhere: UsageSums): Promise<void> {
  const demo = connectDemo({ paceMs: 0 });
  render(App, {
    bridge: {
      ...demo,
      call: async (method, params) => {
        const answer = await demo.call(method, params);
        return method === 'usage.read' ? (everywhere as typeof answer) : answer;
      },
    },
  });
  await screen.findByTestId('app-ready');
  await fireEvent.click(screen.getByTestId('open-settings'));
  await fireEvent.click(await screen.findByTestId('settings-usage'));
}

const lines = (id: string): (string | null)[][] =>
  within(screen.getByTestId(`usage-${id}`))
    .getAllByTestId('usage-line')
    .map((row) => [...row.children].map((cell) => cell.textContent));

it('tells what every room, AI and character has used, the same name in two rooms included', async () => {
  const row = { today: sum(0), all: sum(1_500) };
  await shown({
    ...noUsage(''),
    today: sum(40),
    all: sum(3_000, { turns: 2, estimated: 1, priced: 1, cost_usd: 0.125 }),
    rooms: [
      { room_id: 'a', title: '등대', today: sum(40), all: sum(2_500, { estimated: 1 }) },
      { room_id: 'b', title: '등대', today: sum(0), all: sum(500, { cost_usd: 0.125 }) },
    ],
    ways: [{ provider: 'claude', model: '', ...row }],
    speakers: [
      { kind: 'narrator', author: '', name: '진행자', ...row },
      { kind: 'character', author: '나비', name: '나비', ...row },
    ],
  });
  await screen.findByTestId('usage-rooms');
  expect(lines('all')).toEqual([['모든 방', '40', '약 3,000', '$0.13']]);
  expect(lines('rooms')).toEqual([
    ['등대', '40', '약 2,500', ''],
    ['등대', '0', '500', '$0.13'],
  ]);
  expect(lines('ways')[0]?.[0]).toContain('기본 모델');
  expect(lines('speakers').map(([name]) => name)).toEqual(['진행자', '나비']);
});

it('says so where nothing was used yet', async () => {
  await shown(noUsage(''));
  expect(await screen.findByText('아직 쓴 토큰이 없어요.')).toBeTruthy();
  expect(screen.queryByTestId('usage-all')).toBeNull();
});
