import type { NetworkShape } from '../shape.ts';
import { component, range, repeat } from '../wgsl/kernel.ts';

/** How rows of a batch are shared among workgroups where rows are summed. */
export interface RowBlock {
  /**
   * Whether a workgroup also multiplies its rows with the recurrent weights. It then needs nothing from the others and runs a chunk of time steps
   * alone, but reads all weights in each. Otherwise the product of a time step comes from a separate kernel, which all workgroups share.
   */
  readonly isWhole: boolean;
  /** Rows of a workgroup. With more rows the weights are read less often; with fewer, more of the card has work. */
  readonly rows: number;
  readonly blocks: number;
  readonly threads: number;
  /** Invocations of a row where rows are summed; a power of two. */
  readonly lanes: number;
}

const mostThreads = 256;
const fewestThreads = 32;
const wantedBlocks = 16;
const mostRows = 8;

/**
 * Bytes of recurrent weights that a workgroup reads in about the time of two dispatches that depend on each other: 16 microseconds at 64 bytes per
 * cycle and 1.6 thousand million cycles per second.
 */
const mostBytesAtOnce = 1.6e6;

/** Shares the rows of a batch. */
export function rowBlockOf(shape: NetworkShape): RowBlock {
  return makeRowBlock(shape, shape.units * shape.columns * 4 <= mostBytesAtOnce);
}

/** Shares the rows in one of the two ways. */
export function makeRowBlock({ batchSize, units, columns }: NetworkShape, isWhole: boolean): RowBlock {
  const rows = isWhole ? Math.min(mostRows, Math.ceil(batchSize / wantedBlocks)) : 1;
  const busy = isWhole ? (columns / 4) * Math.min(units / 4, 8) : units / 4;
  const threads = Math.min(mostThreads, Math.max(fewestThreads, powerAtLeast(busy)));
  const perRow = 2 ** Math.floor(Math.log2(threads / rows));
  const lanes = Math.min(perRow, powerAtLeast(units / 4));
  return { isWhole, rows, blocks: Math.ceil(batchSize / rows), threads, lanes };
}

function powerAtLeast(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

/** Vectors of `parts`, through which invocations exchange sums. */
export function partVectors({ threads }: RowBlock): number {
  return 2 * threads;
}

/** `rowSums(lane, value)`: the sum over the invocations of a row, in a fixed order; all of a workgroup must call it. */
export function rowSumFunction({ lanes }: RowBlock): string {
  return `
fn rowSums(lane: u32, value: vec4f) -> vec4f {
  workgroupBarrier();
  parts[lane] = value;
  for (var width = ${lanes / 2}u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane % ${lanes}u < width) { parts[lane] += parts[lane + width]; }
  }
  workgroupBarrier();
  return parts[lane - lane % ${lanes}u];
}`;
}

/** Sets the row of an invocation where rows are summed: `row` of the batch, `isRow` whether there is one, `part` its number among those that share it. */
export function rowHead({ rows, lanes }: RowBlock, { batchSize }: NetworkShape): string {
  return `
let firstRow = group.x * ${rows}u;
let localRow = lane / ${lanes}u;
let part = lane % ${lanes}u;
let isRow = localRow < ${rows}u && firstRow + localRow < ${batchSize}u;
let row = min(firstRow + localRow, ${batchSize - 1}u);`;
}

/** Runs `code` for every four units of this invocation, or not at all if it has no row; `quad` counts the fours. */
export function forEachQuadOfRow({ lanes }: RowBlock, { units }: NetworkShape, code: string): string {
  return `
if (isRow) {
for (var quad = part; quad < ${units / 4}u; quad += ${lanes}u) {
${code}
}
}`;
}

/**
 * A factor that is 1 for what belongs to a true unit and 0 for padding, as WGSL to multiply a vector by; empty if units need no padding. Vector
 * `index` of those that four units of a group of `count` gates take.
 */
export function unpadded({ spec, units }: NetworkShape, count: number, index: number): string {
  if (spec.rnnSize === units) return '';
  const units4 = range(4).map((lane) => Math.floor((index * 4 + lane) / count));
  return ` * vec4f(${units4.map((unit) => `isTrue.${component(unit)}`).join(', ')})`;
}

/** Sets isTrue, 1 or 0 for each unit of a quad. */
export function trueUnits({ spec, units }: NetworkShape): string {
  if (spec.rnnSize === units) return '';
  const flags = repeat(4, (unit) => `f32(quad * 4u + ${unit}u < ${spec.rnnSize}u)`, ', ');
  return `let isTrue = vec4f(${flags});`;
}
