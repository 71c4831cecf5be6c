import { expect, it } from 'vitest';
import { layOut, type GraphBranch } from '../../src/text/graph';

const branch = (
  id: string,
  parent_id: string | null,
  fork_position: number,
  tip_position: number,
): GraphBranch => ({ id, parent_id, fork_position, tip_position, created_at: 0 });

const seen = (graph: ReturnType<typeof layOut>): [string, number][] =>
  graph.nodes.map(({ key, lane }) => [key, lane]);

it('runs the shown path straight down, and the others beside it from where they leave', () => {
  const all = [branch('a', null, 0, 9), branch('b', 'a', 4, 6), branch('c', 'a', 7, 8)];
  const graph = layOut(all, 'a');
  expect(seen(graph)).toEqual([
    ['a:4', 0],
    ['b:6', 1],
    ['a:7', 0],
    ['c:8', 1],
    ['a:9', 0],
  ]);
  expect(graph.lines.map(({ branchId, from }) => [branchId, from?.key])).toEqual([
    ['a', undefined],
    ['b', 'a:4'],
    ['c', 'a:7'],
  ]);
});

it('makes what a branch says behind the fork of the shown path a line of its own', () => {
  const graph = layOut([branch('a', null, 0, 9), branch('b', 'a', 4, 6)], 'b');
  expect(seen(graph)).toEqual([
    ['a:4', 0],
    ['b:6', 0],
    ['a:9', 1],
  ]);
  expect(graph.lines.map(({ key, onPath, from }) => [key, onPath, from?.key])).toEqual([
    ['a:0', true, undefined],
    ['a:4', false, 'a:4'],
    ['b:4', true, 'a:4'],
  ]);
});

it('never lays two lines over each other', () => {
  const all = [branch('a', null, 0, 20)];
  for (let at = 1; at < 12; at += 1) all.push(branch(`b${at}`, 'a', at, at + 7));
  const { lines } = layOut(all, 'a');
  const spans = lines
    .filter((line) => !line.onPath)
    .map((line) => ({
      lane: line.nodes[0]?.lane,
      from: line.from?.row ?? 0,
      to: line.nodes.at(-1)?.row ?? 0,
    }));
  for (const one of spans)
    for (const other of spans)
      if (one !== other && one.lane === other.lane)
        expect(one.to <= other.from || other.to <= one.from).toBe(true);
});

it('shows bookmarks where they stand, and a conversation that was begun anew', () => {
  const all = [branch('a', null, 0, 5), branch('new', 'a', 0, 2)];
  const graph = layOut(all, 'new', [{ branchId: 'a', position: 3 }]);
  expect(graph.nodes.map(({ key }) => key)).toEqual(['a:0', 'new:2', 'a:3', 'a:5']);
});
