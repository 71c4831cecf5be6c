import { describe, expect, it } from 'vitest';
import { connectDemo } from '../../src/bridge/demo';

const text = (said: string) => ({ type: 'text', text: said }) as const;

describe('the demo library', () => {
  it('keeps what is saved, puts what is deleted into the trash and fetches it back', async () => {
    const demo = connectDemo({ paceMs: 0 });
    const kind = 'world';
    const { entry } = await demo.call('library.save', { kind, name: 'Sea', contents: text('Fog') });
    const { id } = await demo.call('library.delete', { kind, file: entry.file });
    const without = await demo.call('library.list', {});
    expect(without.entries.map(({ name }) => name)).not.toContain('Sea');
    expect(without.trash.map(({ name }) => name)).toEqual(['Sea']);
    const back = await demo.call('library.restore', { id });
    const read = await demo.call('library.read', { kind, file: back.file });
    expect(read.contents).toEqual(text('Fog'));
  });

  it('keeps a file beside one that was changed meanwhile, and copies a shipped one', async () => {
    const demo = connectDemo({ paceMs: 0 });
    const kind = 'world';
    const { entry } = await demo.call('library.save', { kind, name: 'Sea', contents: text('1') });
    const again = { kind, name: 'Sea', file: entry.file, stamp: entry.stamp } as const;
    const first = await demo.call('library.save', { ...again, contents: text('2') });
    const second = await demo.call('library.save', { ...again, contents: text('3') });
    expect([first.outcome, second.outcome]).toEqual(['saved', 'kept_beside']);
    expect(second.entry.file).not.toBe(entry.file);
    const { entries } = await demo.call('library.list', {});
    const shipped = entries.find(({ origin }) => origin === 'shipped');
    const copy = await demo.call('library.save', {
      kind,
      name: 'Mine',
      origin: 'shipped',
      file: shipped?.file ?? '',
      contents: text('4'),
    });
    expect([copy.outcome, copy.entry.origin]).toEqual(['copied', 'mine']);
  });

  it('keeps a character of a room and seats it again', async () => {
    const demo = connectDemo({ paceMs: 0 });
    const { entry } = await demo.call('library.keep', {
      room_id: 'demo',
      part: 'character',
      character_id: 'maru',
      name: 'Maru',
    });
    const { room } = await demo.call('library.apply', {
      room_id: 'train',
      kind: entry.kind,
      file: entry.file,
    });
    expect(room.stage.characters.map(({ id }) => id)).toEqual(['maru']);
  });

  it('goes back to the sample of the rules', async () => {
    const demo = connectDemo({ paceMs: 0 });
    const sample = (await demo.call('rules.read', {})).text;
    await demo.call('rules.save', { text: 'Mine' });
    expect(await demo.call('rules.read', {})).toMatchObject({ text: 'Mine', own: true });
    await demo.call('rules.save', { text: null });
    expect(await demo.call('rules.read', {})).toMatchObject({ text: sample, own: false });
  });
});
