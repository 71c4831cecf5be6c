/** Lays a story's tree out as a graph in story order: rows by position, lanes side by side. */

export interface GraphBranch {
  id: string;
  parent_id: string | null;
  fork_position: number;
  tip_position: number;
  created_at: number;
}

/** A place worth drawing: the end of a branch, where others leave it, where a bookmark is. */
export interface GraphNode {
  key: string;
  branchId: string;
  position: number;
  row: number;
  lane: number;
  isTip: boolean;
  onPath: boolean;
}

export interface GraphLine {
  key: string;
  branchId: string;
  onPath: boolean;
  /** Where it leaves another line; nothing for the root's. */
  from: GraphNode | null;
  nodes: GraphNode[];
}

export interface Graph {
  nodes: GraphNode[];
  lines: GraphLine[];
  lanes: number;
}

export interface Spot {
  branchId: string;
  position: number;
}

interface Run {
  branch: GraphBranch;
  after: number;
  last: number;
  onPath: boolean;
  from: string | null;
}

const keyOf = (branchId: string, position: number): string => `${branchId}:${position}`;

/**
 * The path that is shown runs straight down in the first lane; what a branch goes on to say behind
 * the place where that path leaves it is a line of its own.
 */
export function layOut(branches: GraphBranch[], now: string, marked: Spot[] = []): Graph {
  const byId = new Map(branches.map((each) => [each.id, each]));
  const runs = runsOf(branches, byId, leavesOf(byId, now));
  const nodes = sortedNodes(runs, branches, marked);
  const byKey = new Map(nodes.map((each) => [each.key, each]));
  nodes.forEach((node, row) => (node.row = row));
  const lines = runs
    .map((run) => ({
      key: keyOf(run.branch.id, run.after),
      branchId: run.branch.id,
      onPath: run.onPath,
      from: (run.from && byKey.get(run.from)) || null,
      nodes: nodes.filter((node) => within(run, node)),
    }))
    .filter((line) => line.nodes.length > 0);
  return { nodes, lines, lanes: giveLanes(lines) };
}

/** Where the shown path leaves each branch it passes; its own end leaves nothing. */
function leavesOf(byId: Map<string, GraphBranch>, now: string): Map<string, number> {
  const leaves = new Map<string, number>();
  let at = byId.get(now);
  let upper = Infinity;
  while (at && !leaves.has(at.id)) {
    leaves.set(at.id, Math.min(upper, at.tip_position));
    upper = Math.min(upper, at.fork_position);
    at = at.parent_id === null ? undefined : byId.get(at.parent_id);
  }
  return leaves;
}

function runsOf(
  branches: GraphBranch[],
  byId: Map<string, GraphBranch>,
  leaves: Map<string, number>,
): Run[] {
  return branches.flatMap((branch): Run[] => {
    const { fork_position: after, tip_position: last } = branch;
    const from =
      branch.parent_id && byId.has(branch.parent_id) ? keyOf(branch.parent_id, after) : null;
    const leave = leaves.get(branch.id);
    if (leave === undefined) return [{ branch, after, last, onPath: false, from }];
    const shown: Run = { branch, after, last: leave, onPath: true, from };
    if (leave >= last) return [shown];
    return [shown, { branch, after: leave, last, onPath: false, from: keyOf(branch.id, leave) }];
  });
}

const within = (run: Run, node: { branchId: string; position: number }): boolean =>
  run.branch.id === node.branchId &&
  node.position <= run.last &&
  (node.position > run.after || (run.from === null && node.position === run.after));

function sortedNodes(runs: Run[], branches: GraphBranch[], marked: Spot[]): GraphNode[] {
  const spots = new Map<string, Spot>();
  const add = (spot: Spot): unknown => spots.set(keyOf(spot.branchId, spot.position), spot);
  for (const { id, parent_id, fork_position, tip_position } of branches) {
    add({ branchId: id, position: tip_position });
    if (parent_id !== null) add({ branchId: parent_id, position: fork_position });
  }
  marked.forEach(add);
  const made = new Map(branches.map((each) => [each.id, each.created_at]));
  const tips = new Set(branches.map((each) => keyOf(each.id, each.tip_position)));
  const found = [...spots.values()].flatMap((spot): GraphNode[] => {
    const run = runs.find((each) => within(each, spot));
    if (!run) return [];
    const key = keyOf(spot.branchId, spot.position);
    return [{ ...spot, key, row: 0, lane: 0, isTip: tips.has(key), onPath: run.onPath }];
  });
  return found.sort(
    (a, b) =>
      a.position - b.position ||
      Number(b.onPath) - Number(a.onPath) ||
      (made.get(a.branchId) ?? 0) - (made.get(b.branchId) ?? 0),
  );
}

/** Every line takes the first lane that is free from where it leaves to its end. */
function giveLanes(lines: GraphLine[]): number {
  const taken: [from: number, to: number][][] = [[]];
  const start = (line: GraphLine): number => line.from?.row ?? line.nodes[0]?.row ?? 0;
  const aside = lines.filter((line) => !line.onPath).sort((a, b) => start(a) - start(b));
  for (const line of aside) {
    const from = start(line);
    const to = line.nodes.at(-1)?.row ?? from;
    let lane = 1;
    while (taken[lane]?.some(([a, b]) => from < b && to > a)) lane += 1;
    (taken[lane] ??= []).push([from, to]);
    for (const node of line.nodes) node.lane = lane;
  }
  return taken.length;
}
