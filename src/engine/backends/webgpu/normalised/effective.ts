import { normEpsilon } from '../../../../shared/domain/cells.ts';
import type { Design } from '../design.ts';
import { constantTable, float, kernel, range, reads, writes, type Kernel } from '../wgsl/kernel.ts';
import { maskFunctions } from '../wgsl/masks.ts';
import { addUp } from '../wgsl/add-up.ts';
import { weightFactorFunctions } from '../weight-drop.ts';
import { placesOf } from './places.ts';

const threads = 256;

/** Workgroups of `centreKernel`: one for each true row of each hidden matrix. */
export function centreGrid({ spec }: Design): readonly [number, number, number] {
  return [spec.rnnSize, 2 * spec.numLayers - 1, 1];
}

/**
 * Fills the matrices of `effective`. The mean over the columns of a product of x is the product of x with the mean of the matrix's columns: so the
 * matrices are centred once, and no product of a time step has a mean left to remove.
 */
export function centreKernel({ shape, layout, options, spec, plan }: Design): Kernel {
  const { units, columns, groups } = shape;
  const places = placesOf(shape).effective;
  const layers = range(spec.numLayers);
  const from = [
    ...layers.map((layer) => layout.of(layer, 'wh').offset),
    ...layers.slice(1).map((layer) => layout.of(layer, 'wx').offset),
  ];
  const [first = 0, second = 0] = groups.map(({ gates }) => gates.length * spec.rnnSize);
  const drops = options.weightDrop > 0;
  const factor = drops ? ' * select(weightFactor(matrix, row * rowColumns + column), 1f, isInput)' : '';
  const turn = `if (!isInput) { effective[${places.turned * 4}u + (matrix * rowColumns + column) * ${units}u + row] = weight; }`;
  return kernel({
    name: 'centre',
    bindings: [reads('parameters', 'f32'), writes('effective', 'f32')],
    threads,
    memory: [{ name: 'parts', element: 'vec2f', length: threads }],
    declarations: `
const rowColumns = ${columns}u;
${constantTable('matrixAt', from)}
${drops ? maskFunctions + weightFactorFunctions(shape) : ''}
${trueColumnFunction(shape)}`,
    body: `
let row = group.x;
let matrix = group.y;
let isInput = matrix >= ${spec.numLayers}u;
let rowAt = matrixAt[matrix] + row * rowColumns;
var sums = vec2f();
for (var column = lane; column < rowColumns; column += ${threads}u) {
  let weight = parameters[rowAt + column]${factor};
  if (column < ${groups[0]?.columns ?? 0}u) { sums.x += weight; } else { sums.y += weight; }
}
parts[lane] = sums;
${addUp}
let total = parts[0];
let means = select(total / vec2f(${first}.0f, ${Math.max(1, second)}.0f), vec2f((total.x + total.y) / ${first + second}.0f), isInput);
for (var column = lane; column < rowColumns; column += ${threads}u) {
  if (!isTrueColumn(column)) { continue; }
  let weight = parameters[rowAt + column]${factor} - select(means.y, means.x, column < ${groups[0]?.columns ?? 0}u);
  effective[(matrix * ${units}u + row) * rowColumns + column] = weight;
  ${plan.rowBlock.isWhole ? turn : ''}
}`,
  });
}

/** The symbol of a workgroup, from two dimensions: one dimension of a grid may be too small for all symbols. */
const symbolOfGroup = 'let symbol = group.y * 32768u + group.x;';

/** Workgroups of a kernel that has one for each symbol. */
export function symbolGrid({ spec: { vocabularySize } }: Design): readonly [number, number, number] {
  return [Math.min(32_768, vocabularySize), Math.ceil(vocabularySize / 32_768), 1];
}

/** Sets the mean of a row of all gates and 1 / its deviation; padding is excluded from both. */
function deviation(columns: number, count: number): string {
  return `
var sum = 0f;
for (var column = lane; column < ${columns}u; column += ${threads}u) { sum += parameters[rowAt + column]; }
parts[lane] = sum;
${addUp}
let mean = parts[0] / ${count}.0f;
workgroupBarrier();
var squares = 0f;
for (var column = lane; column < ${columns}u; column += ${threads}u) {
  let difference = select(0f, parameters[rowAt + column] - mean, isTrueColumn(column));
  squares += difference * difference;
}
parts[lane] = squares;
${addUp}
let scale = 1f / sqrt(parts[0] / ${count}.0f + ${float(normEpsilon)});`;
}

/** Layer 0's input depends on the symbol alone: it is normalised once for each symbol instead of once for each row. */
export function tableKernel(design: Design): Kernel {
  const { shape, layout, spec } = design;
  const { columns, groups } = shape;
  const { effective } = placesOf(shape);
  const count = groups.reduce((sum, { gates }) => sum + gates.length, 0) * spec.rnnSize;
  const at = (name: string): number => layout.of(0, name).offset;
  return kernel({
    name: 'symbol table',
    bindings: [reads('parameters', 'f32'), writes('effective', 'f32')],
    threads,
    memory: [{ name: 'parts', element: 'f32', length: threads }],
    declarations: trueColumnFunction(shape),
    body: `
${symbolOfGroup}
if (symbol >= ${spec.vocabularySize}u) { return; }
let rowAt = ${at('wx')}u + symbol * ${columns}u;
${deviation(columns, count)}
let tableAt = ${effective.table * 4}u + symbol * ${columns}u;
for (var column = lane; column < ${columns}u; column += ${threads}u) {
  let gain = parameters[${at('gx')}u + column];
  let normed = select(0f, (parameters[rowAt + column] - mean) * scale, isTrueColumn(column));
  effective[tableAt + ${(effective.tableNormed - effective.table) * 4}u + column] = normed;
  effective[tableAt + column] = fma(normed, gain, parameters[${at('bx')}u + column] + parameters[${at('bh')}u + column]);
}
if (lane == 0u) { effective[(${effective.tableScale}u + symbol) * 4u] = scale; }`,
  });
}

/**
 * The backward pass of the table. The gradient of each symbol's row in layer 0, which the sums of gates have stored in the place of that of wx,
 * becomes the gradient of wx; what adds up over all symbols to the gradient of gx replaces the table.
 */
export function tableBackKernel({ shape, layout, spec }: Design): Kernel {
  const { columns, groups } = shape;
  const { effective } = placesOf(shape);
  const count = groups.reduce((sum, { gates }) => sum + gates.length, 0) * spec.rnnSize;
  return kernel({
    name: 'symbol table back',
    bindings: [reads('parameters', 'f32'), writes('effective', 'f32'), writes('gradients', 'f32')],
    threads,
    memory: [{ name: 'parts', element: 'vec2f', length: threads }],
    declarations: trueColumnFunction(shape),
    body: `
${symbolOfGroup}
if (symbol >= ${spec.vocabularySize}u) { return; }
let rowAt = ${layout.of(0, 'wx').offset}u + symbol * ${columns}u;
let tableAt = ${effective.table * 4}u + symbol * ${columns}u;
let normedAt = ${effective.tableNormed * 4}u + symbol * ${columns}u;
var sums = vec2f();
for (var column = lane; column < ${columns}u; column += ${threads}u) {
  let gradient = gradients[rowAt + column] * parameters[${layout.of(0, 'gx').offset}u + column];
  sums += gradient * vec2f(1f, effective[normedAt + column]);
}
parts[lane] = sums;
${addUp}
let means = parts[0] / ${count}.0f;
let scale = effective[(${effective.tableScale}u + symbol) * 4u];
for (var column = lane; column < ${columns}u; column += ${threads}u) {
  let gradient = gradients[rowAt + column];
  let gain = parameters[${layout.of(0, 'gx').offset}u + column];
  let normed = effective[normedAt + column];
  effective[tableAt + column] = gradient * normed;
  // Padding has no gain, and its gradient stays zero.
  if (isTrueColumn(column)) { gradients[rowAt + column] = (gradient * gain - means.x - normed * means.y) * scale; }
}`,
  });
}

/** `isTrueColumn(column)`: whether a column of all gates belongs to a true unit. */
function trueColumnFunction({ groups, spec }: Design['shape']): string {
  const lines = groups.map(({ firstColumn, columns, gates }) => {
    const unit = `(column - ${firstColumn}u) / ${gates.length}u`;
    return `if (column < ${firstColumn + columns}u) { return ${unit} < ${spec.rnnSize}u; }`;
  });
  return `fn isTrueColumn(column: u32) -> bool { ${lines.join(' ')} return false; }`;
}
