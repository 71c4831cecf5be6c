import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import App from '../../src/App.svelte';
import type { Bridge } from '../../src/bridge/bridge';
import { connectDemo } from '../../src/bridge/demo';
import type { AnyEvent, MethodName, TransferJob } from '../../src/bridge/protocol.gen';
import { JobState } from '../../src/state/transfer_job.svelte';

type Call = [method: MethodName, params: Record<string, unknown>];

async function open(): Promise<Call[]> {
  const calls: Call[] = [];
  const demo = connectDemo({ paceMs: 0 });
  const bridge: Bridge = {
    ...demo,
    call: (method, params) => {
      calls.push([method, params as Record<string, unknown>]);
      return demo.call(method, params);
    },
  };
  render(App, { bridge });
  await screen.findByTestId('app-ready');
  await fireEvent.click(screen.getByTestId('open-backup'));
  await screen.findByTestId('backup');
  return calls;
}

function drop(file: File): void {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files: [file], types: ['Files'] } });
  document.body.dispatchEvent(event);
}

const choose = (testid: string, at: number): Promise<unknown> =>
  fireEvent.click(within(screen.getByTestId(testid)).getAllByRole('radio')[at] as HTMLElement);

describe('taking stories out', () => {
  it('asks for what was chosen, the days by the local clock', async () => {
    const calls = await open();
    await choose('export-scope', 1);
    const picks = within(screen.getByTestId('export-picks'));
    expect(screen.getByTestId<HTMLButtonElement>('export-run').disabled).toBe(true);
    await fireEvent.click(picks.getAllByRole('checkbox')[0] as HTMLElement);
    await choose('export-when', 1);
    const day = (id: string, value: string): Promise<unknown> =>
      fireEvent.input(screen.getByTestId(id), { target: { value } });
    await day('export-since', '2026-11-30');
    await day('export-until', '2026-11-01');
    expect(screen.getByTestId<HTMLButtonElement>('export-run').disabled).toBe(true);
    await day('export-since', '2026-11-01');
    await choose('export-branches', 1);
    await fireEvent.click(screen.getByTestId('export-messages'));
    await choose('export-format', 1);
    await fireEvent.click(screen.getByTestId('export-run'));
    await screen.findByTestId('export-done');
    const asked = calls.find(([method]) => method === 'transfer.export')?.[1];
    expect(asked).toMatchObject({
      format: 'persona_zip',
      scope: 'rooms',
      branches: 'path',
      messages: false,
      context: true,
      library: false,
      since: new Date(2026, 10, 1).getTime(),
      until: new Date(2026, 10, 2).getTime(),
    });
    expect(asked?.room_ids).toHaveLength(1);
  });
});

describe('a passphrase', () => {
  it('locks a file once it was said twice, and is forgotten with it', async () => {
    const calls = await open();
    await fireEvent.click(screen.getByTestId('export-lock-on'));
    const say = (id: string, value: string): Promise<unknown> =>
      fireEvent.input(screen.getByTestId(id), { target: { value } });
    const run = screen.getByTestId<HTMLButtonElement>('export-run');
    expect(run.disabled).toBe(true);
    await say('export-passphrase', '달빛 항구 열쇠');
    await say('export-passphrase-again', '달빛 항구 열쇠꽃');
    expect(run.disabled).toBe(true);
    await say('export-passphrase-again', '달빛 항구 열쇠');
    await fireEvent.click(run);
    await screen.findByTestId('export-done');
    const asked = calls.find(([method]) => method === 'transfer.export')?.[1];
    expect(asked).toMatchObject({ passphrase: '달빛 항구 열쇠' });
    expect(screen.queryByTestId('export-passphrase')).toBeNull();
  });

  it('is asked for by a locked file, and a wrong one is told', async () => {
    const calls = await open();
    drop(new File(['age'], 'old.zip.age'));
    const field = await screen.findByTestId('import-passphrase');
    expect(calls.some(([method]) => method === 'transfer.preview')).toBe(false);
    await fireEvent.input(field, { target: { value: '틀림' } });
    await fireEvent.click(screen.getByTestId('import-unseal'));
    await screen.findByTestId('import-wrong');
    await fireEvent.input(field, { target: { value: '달빛 항구 열쇠' } });
    await fireEvent.click(screen.getByTestId('import-unseal'));
    await screen.findByTestId('import-preview');
    expect(screen.queryByTestId('import-locked')).toBeNull();
  });
});

describe('bringing stories in', () => {
  it('looks at a dropped file, brings it in, tells what became of it, and takes it back', async () => {
    const calls = await open();
    await fireEvent.click(screen.getByTestId('open-rooms'));
    drop(new File(['{"a":1}'], 'old.json'));
    const preview = await screen.findByTestId('import-preview');
    expect(screen.getByTestId('import-file').textContent).toBe('old.json');
    expect(preview.textContent).toContain('한 덩어리 답을 말한 사람마다 나누었어요');
    const told = calls.find(([method]) => method === 'transfer.drop')?.[1];
    expect(told).toMatchObject({ name: 'old.json', data: btoa('{"a":1}'), last: true });
    expect(calls.some(([method]) => method === 'transfer.let_go')).toBe(false);
    await fireEvent.click(screen.getByTestId('import-run'));
    const receipt = await screen.findByTestId('receipt');
    expect(receipt.textContent).toContain('old.json');
    expect(within(receipt).getByTestId('receipt-dropped').textContent).toContain('열 수 없는 그림');
    await waitFor(() => expect(calls.some(([method]) => method === 'transfer.let_go')).toBe(true));
    await fireEvent.click(within(receipt).getByTestId('receipt-undo'));
    await screen.findByTestId('receipt-undone');
  });

  it('looks again when something else is wanted of the same file', async () => {
    const calls = await open();
    drop(new File(['{}'], 'one.json'));
    await screen.findByTestId('import-preview');
    await choose('import-mode', 1);
    await waitFor(() =>
      expect(calls.filter(([method]) => method === 'transfer.preview')).toHaveLength(2),
    );
    expect(calls.findLast(([method]) => method === 'transfer.preview')?.[1]).toMatchObject({
      mode: 'merge',
      room_id: 'demo',
    });
  });
});

describe('backups made by themselves', () => {
  it('are listed, tested, made by hand and restored as new rooms', async () => {
    const calls = await open();
    const rows = await screen.findAllByTestId('backup-row');
    expect(rows[0]?.textContent).toContain('날마다');
    expect(rows[1]?.textContent).toContain('불러오기 전');
    await fireEvent.click(screen.getAllByTestId('backup-test')[1] as HTMLElement);
    const tested = await within(rows[1] as HTMLElement).findByTestId('backup-tested');
    expect(tested.dataset.holds).toBe('true');
    await fireEvent.click(screen.getByTestId('backup-make'));
    await waitFor(() => expect(screen.getAllByTestId('backup-row')).toHaveLength(3));
    await fireEvent.click(screen.getAllByTestId('backup-restore')[0] as HTMLElement);
    await screen.findByTestId('receipt');
    const asked = calls.find(([method]) => method === 'backup.restore')?.[1];
    expect(asked).toEqual({ backup_id: 'made-2' });
  });

  it('take the place of everything only after a second word', async () => {
    const calls = await open();
    const row = (await screen.findAllByTestId('backup-row'))[1] as HTMLElement;
    await fireEvent.click(within(row).getByTestId('backup-replace'));
    expect(calls.some(([method]) => method === 'backup.replace')).toBe(false);
    expect(row.textContent).toContain('지금 것은 백업으로 먼저 남기니');
    await fireEvent.click(within(row).getByTestId('backup-replace-do'));
    await waitFor(() =>
      expect(calls.find(([method]) => method === 'backup.replace')?.[1]).toEqual({
        backup_id: 'one',
      }),
    );
  });
});

describe('the news of a job', () => {
  const job = (state: TransferJob['state']): TransferJob =>
    ({ id: 'one', kind: 'export', state, share: 0 }) as TransferJob;

  it('counts whichever way it comes first', () => {
    const ends: AnyEvent['type'][] = [];
    const line = new JobState(() => ends.push('transfer_ended'));
    line.told(job('done'));
    line.begin(job('running'));
    expect(line.job?.state).toBe('done');
    expect(ends).toHaveLength(1);
    line.told(job('running'));
    expect(line.job?.state).toBe('done');
  });
});
