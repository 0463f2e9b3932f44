import { component, range, repeat } from '../wgsl/kernel.ts';
import { partVectors, type RowBlock } from './row-block.ts';

/**
 * The product of a workgroup's rows with a matrix. Invocations are spread across the product's columns, in the order of the matrix in memory; if
 * there are few columns, several share the summed dimension.
 */
export interface RowProduct {
  readonly block: RowBlock;
  readonly batchSize: number;
  /** Length of the summed dimension in vectors of four. */
  readonly depth: number;
  /** Columns of the product in vectors of four. */
  readonly vectors: number;
  /** Vector `k` of a row of the batch, as WGSL. */
  left(row: string, k: string): string;
  /** The matrix: the start of its first row, and vectors from row to row. */
  readonly right: { readonly buffer: string; readonly at: string; readonly stride: number };
  /** Stores a vector of the product; row counts the batch's. */
  store(row: string, vector: string, value: string): string;
}

/** Vectors of `leftTile`. */
export const leftTileVectors = 512;

interface Cut {
  /** Columns side by side, and invocations that share one. */
  readonly across: number;
  readonly shares: number;
  /** Vectors of the summed dimension that are held at a time. */
  readonly depth: number;
  /** Rows whose shares are added at a time. */
  readonly rowsAtOnce: number;
}

function cutOf({ block, vectors, depth }: RowProduct): Cut {
  const across = Math.min(vectors, block.threads);
  const held = Math.min(depth, Math.floor(leftTileVectors / block.rows));
  const shares = Math.min(held, Math.floor(block.threads / across));
  return { across, shares, depth: held, rowsAtOnce: Math.floor(partVectors(block) / (shares * across)) };
}

/** The code. Needs firstRow; ends with a barrier after which the stored values can be read. */
export function multiplyRows(source: RowProduct): string {
  const { block, vectors, depth } = source;
  const cut = cutOf(source);
  return `
for (var firstVector = 0u; firstVector < ${vectors}u; firstVector += ${cut.across}u) {
let vector = firstVector + lane % ${cut.across}u;
let share = lane / ${cut.across}u;
let isMine = share < ${cut.shares}u && vector < ${vectors}u;
${repeat(block.rows, (row) => `var sum${row} = vec4f();`)}
for (var k0 = 0u; k0 < ${depth}u; k0 += ${cut.depth}u) {
workgroupBarrier();
for (var e = lane; e < ${block.rows * cut.depth}u; e += ${block.threads}u) {
let k = k0 + e % ${cut.depth}u;
let leftRow = min(firstRow + e / ${cut.depth}u, ${source.batchSize - 1}u);
if (k < ${depth}u) { leftTile[e] = ${source.left('leftRow', 'k')}; }
}
workgroupBarrier();
if (isMine) {
// The same count for every invocation: a compiler that knows it starts many reads of weights at the same time.
for (var i = 0u; i < ${Math.ceil(cut.depth / cut.shares)}u; i++) {
let q = i * ${cut.shares}u + share;
${addRows(source, cut)}
}
}
}
${storeRows(source, cut)}
}
storageBarrier();
workgroupBarrier();`;
}

function addRows({ block, right, depth }: RowProduct, cut: Cut): string {
  const fma = (sum: string): string =>
    range(4).reduce((inner, k) => `fma(vec4f(a.${component(k)}), w${k}, ${inner})`, sum);
  const isExact = cut.depth % cut.shares === 0 && depth % cut.depth === 0;
  const code = `
let rightAt = ${right.at} + (k0 + q) * ${4 * right.stride}u + vector;
${repeat(4, (k) => `let w${k} = ${right.buffer}[rightAt + ${k * right.stride}u];`)}
${repeat(block.rows, (row) => `{ let a = leftTile[${row * cut.depth}u + q]; sum${row} = ${fma(`sum${row}`)}; }`)}`;
  return isExact ? code : `if (q < min(${cut.depth}u, ${depth}u - k0)) {${code}\n}`;
}

/** Adds up the shares of each column in order; the invocations of each share do so for different rows. */
function storeRows(source: RowProduct, { across, shares, rowsAtOnce }: Cut): string {
  const { block, batchSize, vectors } = source;
  const store = (row: number, value: string): string => `
{ let row = firstRow + ${row}u; if (row < ${batchSize}u) { ${source.store('row', 'vector', value)} } }`;
  if (shares === 1) {
    return `if (isMine) { ${repeat(block.rows, (row) => store(row, `sum${row}`))} }`;
  }
  const rounds = Math.ceil(block.rows / rowsAtOnce);
  return repeat(rounds, (round) => {
    const rows = range(rowsAtOnce).filter((row) => round * rowsAtOnce + row < block.rows);
    const at = (row: number, share: string): string =>
      `(${row * shares}u + ${share}) * ${across}u + lane % ${across}u`;
    return `
workgroupBarrier();
if (isMine) { ${rows.map((row) => `parts[${at(row, 'share')}] = sum${round * rowsAtOnce + row};`).join(' ')} }
workgroupBarrier();
${rows
  .map(
    (row) => `if (share == ${row % shares}u && vector < ${vectors}u) {
let total = ${repeat(shares, (share) => `parts[${at(row, `${share}u`)}]`, ' + ')};
${store(round * rowsAtOnce + row, 'total')}
}`,
  )
  .join('\n')}`;
  });
}
