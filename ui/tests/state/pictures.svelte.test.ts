import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import type { Methods } from '../../src/bridge/protocol.gen';
import { CallFailed, pageProblem } from '../../src/bridge/bridge';
import { Connection } from '../../src/state/connection.svelte';
import { Notices } from '../../src/state/notices.svelte';
import { PicturesState } from '../../src/state/pictures.svelte';
import { TestBridge } from '../bridge';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const soon = (): Promise<void> => new Promise((done) => setTimeout(done));

type Read = Methods['picture.read'];
const reading = ({ ids, size = 'small' }: Read['params']): Read['result'] => ({
  pictures: ids.filter((id) => id !== B).map((id) => ({ id, source: `data:${size}-${id[0]}` })),
});

function made(answers: ConstructorParameters<typeof TestBridge>[0] = {}) {
  const bridge = new TestBridge({ 'picture.read': reading, ...answers });
  const notices = new Notices();
  return { bridge, notices, pictures: new PicturesState(new Connection(bridge), notices) };
}

const SOURCE = { token: 't1', width: 40, height: 60, preview: 'data:x' };

describe('faces', () => {
  it('asks once for all that is drawn together, and never again', async () => {
    const { bridge, pictures } = made();
    for (let drawn = 0; drawn < 3; drawn++)
      for (const id of [A, B, A]) expect(pictures.source(id, false)).toBe('');
    await soon();
    expect(pictures.source(A, false)).toBe('data:small-a');
    expect(pictures.source(B, false)).toBe('');
    await soon();
    expect(bridge.sent('picture.read')).toEqual([{ ids: [A, B], size: 'small' }]);
  });

  it('asks for many in parts that one call may have', async () => {
    const { bridge, pictures } = made();
    for (let at = 0; at < 70; at++) pictures.source(at.toString(16).padStart(32, '0'), false);
    await soon();
    const sizes = bridge.sent('picture.read').map((each) => (each as Read['params']).ids.length);
    expect(sizes).toEqual([64, 6]);
  });

  it('shows the small one until the large one is there, and draws anew when it comes', async () => {
    const { pictures } = made();
    const seen: string[] = [];
    const stop = $effect.root(() => {
      $effect(() => void seen.push(pictures.source(A, true)));
    });
    flushSync();
    await soon();
    flushSync();
    expect(seen.at(0)).toBe('');
    expect(seen.at(-1)).toBe('data:full-a');
    stop();
  });

  it('asks again after the line was down', async () => {
    let down = true;
    const { pictures } = made({
      'picture.read': (params) => {
        if (down) throw new CallFailed(pageProblem('bug'));
        return reading(params);
      },
    });
    pictures.source(A, false);
    await soon();
    down = false;
    expect(pictures.source(A, false)).toBe('');
    await soon();
    expect(pictures.source(A, false)).toBe('data:small-a');
  });
});

describe('a new face', () => {
  it('is chosen, cut, shown at once and let go of', async () => {
    const { bridge, pictures } = made({
      'picture.choose': () => SOURCE,
      'picture.crop': () => ({ id: A, source: 'data:cut' }),
      'picture.let_go': () => ({}),
    });
    const done = vi.fn();
    await pictures.choose(done);
    expect(pictures.cutting?.source).toEqual(SOURCE);
    await pictures.cut({ x: 1, y: 2, side: 30 });
    expect(bridge.sent('picture.crop')).toEqual([{ token: 't1', x: 1, y: 2, side: 30 }]);
    expect(done).toHaveBeenCalledWith(A);
    expect(pictures.source(A, false)).toBe('data:cut');
    expect(bridge.sent('picture.let_go')).toEqual([{ token: 't1' }]);
    expect(bridge.sent('picture.read')).toEqual([]);
    expect(pictures.cutting).toBeNull();
  });

  it('changes nothing when the dialog is closed', async () => {
    const { pictures } = made({ 'picture.choose': () => ({ ...SOURCE, token: '' }) });
    await pictures.choose(() => expect.unreachable());
    expect(pictures.cutting).toBeNull();
    expect(pictures.busy).toBe(false);
  });

  it('is handed over in pieces when it is dropped', async () => {
    const { bridge, pictures } = made({ 'picture.drop': () => SOURCE });
    await pictures.take(new Blob([new Uint8Array(1_500_000)]), () => undefined);
    const sent = bridge.sent('picture.drop') as Methods['picture.drop']['params'][];
    expect(sent.map(({ token, last }) => [token, last])).toEqual([
      ['', false],
      ['t1', true],
    ]);
    expect(pictures.cutting?.source.token).toBe('t1');
  });

  it('is refused with its cause', async () => {
    const { notices, pictures } = made({
      'picture.choose': () => {
        throw new CallFailed(pageProblem('bad_file', { detail: 'too_many' }));
      },
    });
    await pictures.choose(() => expect.unreachable());
    expect(notices.shown.map(({ notice }) => notice)).toEqual([
      { kind: 'picture_refused', fault: 'too_many' },
    ]);
    expect(pictures.busy).toBe(false);
  });
});
