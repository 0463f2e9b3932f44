import type { Kernel, Wave } from './wgsl/kernel.ts';

/** Workgroups in x, y and z. */
export type Grid = readonly [number, number, number];

/** One run of a kernel. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly grid: Grid;
  readonly wave: Wave;
  /** Its first workgroup; not zero if a dispatch was split. */
  readonly base: Grid;
  /** Approximate number of multiplications and additions, which decides how much is submitted at a time. */
  readonly work: number;
}

/** For kernels that do not read it. */
const noWave: Wave = { time: 0, layer: 0, lag: 0, firstRow: 0, rows: 0 };

/** A dispatch of a whole grid. */
export function dispatchOf(kernel: Kernel, grid: Grid, work: number, wave: Partial<Wave> = {}): Dispatch {
  return { kernel, grid, wave: { ...noWave, ...wave }, base: [0, 0, 0], work };
}

/** Splits dispatches of more than `mostWork` into several, none of which depends on another. What they compute stays the same to the bit. */
export function cutDispatches(dispatches: readonly Dispatch[], mostWork: number): readonly Dispatch[] {
  return dispatches.flatMap((dispatch) => cut(dispatch, mostWork));
}

function cut(dispatch: Dispatch, mostWork: number): readonly Dispatch[] {
  const { grid, base, work } = dispatch;
  const longest = Math.max(...grid);
  const pieces = Math.min(longest, Math.ceil(work / mostWork));
  if (pieces <= 1) return [dispatch];
  const axis = grid.indexOf(longest);
  return Array.from({ length: pieces }, (_, piece) => {
    const first = Math.floor((piece * longest) / pieces);
    const count = Math.floor(((piece + 1) * longest) / pieces) - first;
    const along = (from: Grid, change: (value: number) => number): Grid => {
      const [x, y, z] = from.map((value, index) => (index === axis ? change(value) : value));
      return [x ?? 1, y ?? 1, z ?? 1];
    };
    return {
      ...dispatch,
      grid: along(grid, () => count),
      base: along(base, (value) => value + first),
      work: (work * count) / longest,
    };
  });
}
