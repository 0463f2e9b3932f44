import type { BufferName } from '../buffer-names.ts';
import type { Design } from '../design.ts';
import { inputMatrices, productGradients } from '../normalised/sources.ts';
import { constantTable, range, reads, writes, type Kernel } from './kernel.ts';
import { maskFunctions } from './masks.ts';
import { product, productGrid, type Product } from './product.ts';
import { uniqueBindings } from './recurrent-weights.ts';

/** A product and the workgroups of one of its jobs. */
export interface ProductKernel {
  readonly kernel: Kernel;
  readonly grid: readonly [number, number];
}

function made(source: Product): ProductKernel {
  return { kernel: product(source), grid: productGrid(source) };
}

/** The start of a layer's output, as WGSL in vectors; `layer` is an expression. */
export function outputOf(
  { shape, handsOn }: Design,
  layer: string,
): { readonly buffer: BufferName; readonly at: string } {
  const { rows, units, batchSize, sequenceLength } = shape;
  const perRow = units / 4;
  return handsOn
    ? { buffer: 'handed', at: `(${layer}) * ${rows * perRow}u` }
    : {
        buffer: 'hidden',
        at: `((${layer}) * ${sequenceLength + 1}u + 1u) * ${batchSize * perRow}u`,
      };
}

/** Tables of where the parameters of every layer are, in vectors. */
function placesOf({ layout, spec }: Design, parameter: string, name: string): string {
  return constantTable(
    name,
    range(spec.numLayers).map((layer) => layout.of(layer, parameter).offset / 4),
  );
}

/**
 * gates = input * wx + bx + bh, for rows of layer wave.layer (1 and up). Where layers normalise, the product alone goes to where it will be normalised.
 */
export function projectKernel(design: Design): ProductKernel {
  const { shape, plan, spec } = design;
  const { units, columns } = shape;
  const input = outputOf(design, 'layer - 1u');
  const weights = inputMatrices(design, 'layer');
  const target = productGradients(design, 'input', 'layer');
  const place = (row: string, column: string): string =>
    `${target.buffer}[target0 + ${row} * ${columns / 4}u + ${column}]`;
  return made({
    name: 'project',
    rows: plan.chunk * shape.batchSize,
    columns,
    depth: units,
    left: { buffer: input.buffer, stride: units / 4, along: 'depth' },
    right: { buffer: weights.buffer, stride: columns / 4, along: 'extent' },
    tile: plan.project,
    bindings: uniqueBindings([
      ...(spec.layerNorm ? [] : [reads('parameters')]),
      reads(weights.buffer),
      reads(input.buffer),
      writes(target.buffer),
    ]),
    declarations: ['wx', 'bx', 'bh'].map((name) => placesOf(design, name, `${name}At`)).join('\n'),
    head: `
let layer = u32(wave.layer);
rowLimit = wave.rows;
leftAt = ${input.at} + wave.firstRow * ${units / 4}u;
rightAt = ${weights.at};
let target0 = ${target.at} + wave.firstRow * ${columns / 4}u;`,
    store: (row, column, value) =>
      spec.layerNorm
        ? `${place(row, column)} = ${value};`
        : `${place(row, column)} = ${value} + parameters[bxAt[layer] + ${column}] + parameters[bhAt[layer] + ${column}];`,
  });
}

/** What dropout above a layer does to a gradient on its way down; n is the row, column the unit. */
function droppedGradient({ drops, spec }: Design, layer: string, value: string): string {
  if (!drops) return value;
  return `(${value}) * dropFactor(siteKey(${layer} + 1u), n * ${spec.rnnSize}u + column)`;
}

/** outputGradient of layer wave.layer = gates' gradients of the layer above * its wx transposed, for some rows. */
export function descendKernel(design: Design): ProductKernel {
  const { shape, plan, isResidual } = design;
  const { rows, units, columns } = shape;
  const weights = inputMatrices(design, '(layer + 1u)');
  const source = productGradients(design, 'input', '(layer + 1u)');
  return made({
    name: 'descend',
    rows: plan.chunk * shape.batchSize,
    columns: units,
    depth: columns,
    left: { buffer: source.buffer, stride: columns / 4, along: 'depth' },
    right: { buffer: weights.buffer, stride: columns / 4, along: 'depth' },
    tile: plan.descend,
    bindings: [reads(weights.buffer), reads(source.buffer), writes('outputGradient', 'f32')],
    declarations: `${placesOf(design, 'wx', 'wxAt')}\n${maskFunctions}`,
    head: `
let layer = u32(wave.layer);
rowLimit = wave.rows;
leftAt = ${source.at} + wave.firstRow * ${columns / 4}u;
rightAt = ${weights.at};`,
    store: (row, column, value) => {
      const above = isResidual
        ? ` + outputGradient[((layer + 1u) * ${rows}u + n) * ${units}u + ${column}]`
        : '';
      return `let n = wave.firstRow + ${row};
outputGradient[(layer * ${rows}u + n) * ${units}u + ${column}] = ${droppedGradient(design, 'layer', value + above)};`;
    },
  });
}

/** logits = top output * decoder.w + decoder.b. */
export function decodeKernel(design: Design): ProductKernel {
  const { shape, plan, layout, spec } = design;
  const { rows, units, symbols } = shape;
  const input = outputOf(design, `${spec.numLayers - 1}u`);
  return made({
    name: 'decode',
    rows,
    columns: symbols,
    depth: units,
    left: { buffer: input.buffer, stride: units / 4, along: 'depth' },
    right: { buffer: 'parameters', stride: symbols / 4, along: 'extent' },
    tile: plan.decode,
    bindings: [reads('parameters'), reads(input.buffer), writes('logits')],
    head: `leftAt = ${input.at}; rightAt = ${layout.of(undefined, 'w').offset / 4}u;`,
    store: (row, column, value) =>
      `logits[${row} * ${symbols / 4}u + ${column}] = ${value} + parameters[${layout.of(undefined, 'b').offset / 4}u + ${column}];`,
  });
}

/** outputGradient of the top layer = gradient of the logits * decoder.w transposed. */
export function undecodeKernel(design: Design): ProductKernel {
  const { shape, plan, layout, spec } = design;
  const { rows, units, symbols } = shape;
  const top = spec.numLayers - 1;
  return made({
    name: 'undecode',
    rows,
    columns: units,
    depth: symbols,
    left: { buffer: 'logits', stride: symbols / 4, along: 'depth' },
    right: { buffer: 'parameters', stride: symbols / 4, along: 'depth' },
    tile: plan.undecode,
    bindings: [reads('parameters'), reads('logits'), writes('outputGradient', 'f32')],
    declarations: maskFunctions,
    head: `rightAt = ${layout.of(undefined, 'w').offset / 4}u;`,
    store: (row, column, value) => `let n = ${row};
outputGradient[(${top * rows}u + n) * ${units}u + ${column}] = ${droppedGradient(design, `${top}u`, value)};`,
  });
}

/** The pieces of the rows that gradients are summed in; group.z counts them within each job. */
export function partHead({ shape, plan, layout }: Design): string {
  const { gradientParts } = plan;
  const perPart = Math.ceil(shape.rows / gradientParts);
  return `
let job = group.z / ${gradientParts}u;
let part = group.z % ${gradientParts}u;
depthBegin = min(part * ${perPart}u, ${shape.rows}u);
depthEnd = min(depthBegin + ${perPart}u, ${shape.rows}u);
let run = part * ${layout.floats / 4}u;`;
}

/** Gradient of the decoder's matrix. */
export function decoderGradientKernel(design: Design): ProductKernel {
  const { shape, plan, layout, spec } = design;
  const { rows, units, symbols } = shape;
  const input = outputOf(design, `${spec.numLayers - 1}u`);
  return made({
    name: 'decoder-gradient',
    rows: units,
    columns: symbols,
    depth: rows,
    left: { buffer: input.buffer, stride: units / 4, along: 'extent' },
    right: { buffer: 'logits', stride: symbols / 4, along: 'extent' },
    tile: plan.decoderGradient,
    bindings: [reads(input.buffer), reads('logits'), writes('gradients')],
    head: `${partHead(design)}\nleftAt = ${input.at};`,
    store: (row, column, value) =>
      `gradients[run + ${layout.of(undefined, 'w').offset / 4}u + ${row} * ${symbols / 4}u + ${column}] = ${value};`,
  });
}

/** Gradients of the input matrices of layers 1 and up; job counts them. */
export function inputGradientKernel(design: Design): ProductKernel {
  const { shape, plan } = design;
  const { rows, units, columns } = shape;
  const input = outputOf(design, 'job');
  const source = productGradients(design, 'input', '(job + 1u)');
  return made({
    name: 'input-gradients',
    rows: units,
    columns,
    depth: rows,
    left: { buffer: input.buffer, stride: units / 4, along: 'extent' },
    right: { buffer: source.buffer, stride: columns / 4, along: 'extent' },
    tile: plan.inputGradients,
    bindings: [reads(input.buffer), reads(source.buffer), writes('gradients')],
    declarations: placesOf(design, 'wx', 'wxAt'),
    head: `${partHead(design)}
leftAt = ${input.at};
rightAt = ${source.at};
let target0 = run + wxAt[job + 1u];`,
    store: (row, column, value) => `gradients[target0 + ${row} * ${columns / 4}u + ${column}] = ${value};`,
  });
}

/** Gradients of the recurrent matrices' columns of one group of gates; job counts the layers. */
export function recurrentGradientKernel(design: Design, groupIndex: number): ProductKernel {
  const { shape, plan, program } = design;
  const { rows, units, columns, batchSize, sequenceLength, groups } = shape;
  const group = groups[groupIndex];
  const tile = plan.weightGradients[groupIndex];
  if (group === undefined || tile === undefined)
    throw new Error(`a cell has no group ${groupIndex} of gates`);
  const operand = program.operands[groupIndex] ?? 'hidden';
  const source = productGradients(design, 'recurrent', 'job');
  const operandRows = operand === 'hidden' ? (sequenceLength + 1) * batchSize : rows;
  return made({
    name: `recurrent-gradients-${groupIndex}`,
    rows: units,
    columns: group.columns,
    depth: rows,
    left: { buffer: operand, stride: units / 4, along: 'extent' },
    right: { buffer: source.buffer, stride: columns / 4, along: 'extent' },
    tile,
    bindings: uniqueBindings([reads(operand), reads(source.buffer), writes('gradients')]),
    declarations: placesOf(design, 'wh', 'whAt'),
    head: `${partHead(design)}
leftAt = job * ${(operandRows * units) / 4}u;
rightAt = ${source.at} + ${group.firstColumn / 4}u;
let target0 = run + whAt[job] + ${group.firstColumn / 4}u;`,
    store: (row, column, value) => `gradients[target0 + ${row} * ${columns / 4}u + ${column}] = ${value};`,
  });
}
