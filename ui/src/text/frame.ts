/** One shared animation frame: everything written in it is painted together. */

type Task = () => void;

const writes = new Set<Task>();
const settled = new Set<Task>();
let asked = 0;

function run(): void {
  asked = 0;
  const now = [...writes];
  writes.clear();
  for (const task of now) task();
  const after = [...settled];
  settled.clear();
  for (const task of after) task();
}

function ask(): void {
  if (asked === 0) asked = requestAnimationFrame(run);
}

/** Runs `task` once in the next frame, however often it is asked for. */
export function onFrame(task: Task): void {
  writes.add(task);
  ask();
}

/** Runs `task` once after all writes of the next frame: the place to read sizes and scroll. */
export function afterFrame(task: Task): void {
  settled.add(task);
  ask();
}

export function dropFrame(task: Task): void {
  writes.delete(task);
  settled.delete(task);
}
