import type { BufferName } from '../buffer-names.ts';
import type { Design } from '../design.ts';
import { constantTable, kernel, range, reads, repeat, writes, type Kernel } from './kernel.ts';

/** Columns (vectors) of a workgroup, and invocations that share a column. */
const columnsPerGroup = 32;
const lanesPerColumn = 8;
const threads = columnsPerGroup * lanesPerColumn;

/** Workgroups across a row of `vectors` vectors. */
export function columnGroups(vectors: number): number {
  return Math.ceil(vectors / columnsPerGroup);
}

/** Completes a sum that the invocations of a column share: `sum` becomes the total where `part` is 0. */
const addParts = `
parts[lane] = sum;
workgroupBarrier();
if (part == 0u && column < columnCount) {
for (var i = 1u; i < ${lanesPerColumn}u; i++) { sum += parts[i * ${columnsPerGroup}u + lane]; }`;

function head(vectors: number): string {
  return `
const columnCount = ${vectors}u;
let column = group.x * ${columnsPerGroup}u + lane % ${columnsPerGroup}u;
let part = lane / ${columnsPerGroup}u;
let place = min(column, columnCount - 1u);
var sum = vec4f();`;
}

const memory = [{ name: 'parts', element: 'vec4f', length: threads }] as const;

export interface ColumnSums {
  readonly name: string;
  readonly source: BufferName;
  /** The start of its rows, in vectors. */
  readonly at?: number;
  /** Vectors of a row. */
  readonly vectors: number;
  readonly rows: number;
  /** Number of pieces that the rows are summed in, each into its own array of gradients. */
  readonly parts: number;
  /** Vectors of an array of gradients. */
  readonly runVectors: number;
  /** For each layer (group.y) where its sums go, in vectors; several places get the same sums. */
  readonly targets: readonly (readonly number[])[];
}

/** Sums of the columns of [L][rows][columns]: gradients of biases. group.z counts the pieces of the rows. */
export function columnSums({
  name,
  source,
  at = 0,
  vectors,
  rows,
  parts,
  runVectors,
  targets,
}: ColumnSums): Kernel {
  const perPart = Math.ceil(rows / parts);
  const copies = targets[0]?.length ?? 0;
  return kernel({
    name,
    bindings: [reads(source), writes('gradients')],
    threads,
    memory,
    declarations: range(copies)
      .map((copy) =>
        constantTable(
          `targets${copy}`,
          targets.map((places) => places[copy] ?? 0),
        ),
      )
      .join('\n'),
    body: `${head(vectors)}
let last = min((group.z + 1u) * ${perPart}u, ${rows}u);
for (var row = group.z * ${perPart}u + part; row < last; row += ${lanesPerColumn}u) {
sum += ${source}[${at}u + (group.y * ${rows}u + row) * columnCount + place];
}
${addParts}
${repeat(copies, (copy) => `gradients[targets${copy}[group.y] + group.z * ${runVectors}u + column] = sum;`)}
}`,
  });
}

/** Workgroups for the symbols, in two dimensions: one dimension of a grid may be too small for all of them. */
export function symbolGroups(symbols: number): readonly [number, number] {
  const down = Math.min(symbols, 32_768);
  return [down, Math.ceil(symbols / down)];
}

/**
 * Gradient of layer 0's input weights: for each symbol the sum of the gates' gradients over the rows that read it, which the host has sorted by
 * symbol. It goes to the first array of gradients; the others stay zero.
 */
export function symbolGradients({ shape, layout }: Design): Kernel {
  const { rows, columns, spec } = shape;
  const [down] = symbolGroups(spec.vocabularySize);
  return kernel({
    name: 'symbol-gradients',
    bindings: [reads('batch', 'u32'), reads('gates'), writes('gradients')],
    threads,
    memory,
    body: `${head(columns / 4)}
let symbol = group.z * ${down}u + group.y;
if (symbol >= ${spec.vocabularySize}u) { return; }
let last = batch[${3 * rows}u + symbol + 1u];
for (var i = batch[${3 * rows}u + symbol] + part; i < last; i += ${lanesPerColumn}u) {
sum += gates[batch[${2 * rows}u + i] * columnCount + place];
}
${addParts}
gradients[${layout.of(0, 'wx').offset / 4}u + symbol * columnCount + column] = sum;
}`,
  });
}
