import type { Design } from '../design.ts';
import { statePlaces, storeHidden } from '../records.ts';
import type { GateGroup } from '../shape.ts';
import { gateFunctions } from './functions.ts';
import { readGates, splitGates, storeGates } from './gates.ts';
import { constantTable, kernel, reads, repeat, writes, type Binding, type Kernel } from './kernel.ts';
import { maskFunctions } from './masks.ts';
import {
  forEachQuad,
  multiplyRecurrent,
  recurrentGrid,
  recurrentSum,
  recurrentThreads,
  tileVectorsOf,
  type RecurrentProduct,
} from './recurrent-product.ts';
import { assertGroup, recurrentWeights, uniqueBindings } from './recurrent-weights.ts';

/** A kernel together with the workgroups of one layer. */
export interface RecurrentKernel {
  readonly kernel: Kernel;
  readonly grid: readonly [number, number];
}

/**
 * One phase of a time step of every layer that has one in this wave: the recurrent product of a group of gates, then the cell. Layer wave.layer +
 * group.z is at time wave.time - wave.lag * group.z.
 */
export function recurrentForward(design: Design, phaseIndex: number): RecurrentKernel {
  const { shape, program, plan } = design;
  const phase = program.forward[phaseIndex];
  if (phase === undefined) throw new Error(`a ${design.spec.model} has no phase ${phaseIndex}`);
  const group = assertGroup(shape, phase.group);
  const operand = program.operands[phase.group] ?? 'hidden';
  const weights = recurrentWeights(design);
  const tile = plan.forward[phase.group];
  if (tile === undefined) throw new Error('a plan has a tile for each group');
  const source: RecurrentProduct = {
    tile,
    batchSize: shape.batchSize,
    left: { buffer: operand, stride: shape.units / 4 },
    right: { buffer: weights.buffer, stride: shape.columns / 4, along: 'extent' },
    depth: shape.units / 4,
    vectorsPerQuad: group.gates.length,
  };
  const isLast = phaseIndex === program.forward.length - 1;
  return {
    grid: recurrentGrid(source, shape.units),
    kernel: kernel({
      name: `forward-${phaseIndex}`,
      bindings: bindingsOf(
        design,
        [...phase.bindings, ...(operand === 'hidden' ? [] : [reads(operand)])],
        isLast,
      ),
      threads: recurrentThreads(source),
      memory: [{ name: 'tiles', element: 'vec4f', length: tileVectorsOf(source) }],
      declarations: `${gateFunctions}\n${maskFunctions}\n${weights.table}\n${layerTables(design)}`,
      body: `
let layer = u32(wave.layer) + group.z;
let time = u32(wave.time - wave.lag * i32(group.z));
let leftAt = ${operandPlace(design, operand)};
let rightAt = weightsAt[layer] + ${group.firstColumn / 4}u;
let depthEnd = ${shape.units / 4}u;
${multiplyRecurrent(source)}
${forEachQuad(source, cellStep(design, phaseIndex, group, source))}`,
    }),
  };
}

function bindingsOf(design: Design, own: readonly Binding[], isLast: boolean): readonly Binding[] {
  return uniqueBindings([
    reads('parameters'),
    ...(design.options.weightDrop > 0 ? [reads('thinned')] : []),
    reads('batch', 'u32'),
    writes('gates'),
    writes('hidden'),
    ...(design.handsOn && isLast ? [writes('handed')] : []),
    ...own,
  ]);
}

/** Where layer 0's input weights and biases are: the other layers' input has been projected into the gates. */
function layerTables({ layout }: Design): string {
  return [
    constantTable('inputAt', [layout.of(0, 'wx').offset / 4]),
    constantTable('biasAt', [layout.of(0, 'bx').offset / 4, layout.of(0, 'bh').offset / 4]),
  ].join('\n');
}

function operandPlace({ shape }: Design, operand: 'hidden' | 'operand'): string {
  const { rows, batchSize, sequenceLength, units } = shape;
  const perRow = `${units / 4}u`;
  return operand === 'hidden'
    ? `(layer * ${sequenceLength + 1}u + time) * ${batchSize}u * ${perRow}`
    : `(layer * ${rows}u + time * ${batchSize}u) * ${perRow}`;
}

/** What happens to four units of a row: input and product are added, the cell computes, gates and states are stored. */
function cellStep(design: Design, phaseIndex: number, group: GateGroup, source: RecurrentProduct): string {
  const { shape, program } = design;
  const { rows, batchSize, units, columns } = shape;
  const phase = program.forward[phaseIndex];
  const count = group.gates.length;
  const column = (index: number): string => `${group.firstColumn / 4}u + quad * ${count}u + ${index}u`;
  const isLast = phaseIndex === program.forward.length - 1;
  return `
let n = time * ${batchSize}u + row;
let gatesAt = (layer * ${rows}u + n) * ${columns / 4}u;
${statePlaces(shape)}
let at = (layer * ${rows}u + n) * ${units / 4}u + quad;
${repeat(count, (index) => `var new${index} = ${recurrentSum(source, 'local', `quadOfGroup * ${count}u + ${index}u`)};`)}
if (layer == 0u) {
let inputRow = inputAt[0] + batch[n] * ${columns / 4}u;
${repeat(count, (index) => `new${index} += parameters[inputRow + ${column(index)}] + parameters[biasAt[0] + ${column(index)}] + parameters[biasAt[1] + ${column(index)}];`)}
} else {
${repeat(count, (index) => `new${index} += gates[gatesAt + ${column(index)}];`)}
}
${splitGates(group, 'new')}
${(phase?.reads ?? []).map((index) => readGates(assertGroup(shape, index), 'gatesAt')).join('\n')}
var made = vec4f();
${phase?.code ?? ''}
${storeGates(group, 'gatesAt')}
${isLast ? `${storeHidden(shape)}\n${handOn(design)}` : ''}`;
}

/** The layer's output: its hidden state, plus its input with residual connections, after dropout. */
export function handOn({ shape, spec, handsOn, isResidual, drops }: Design): string {
  if (!handsOn) return '';
  const below = `handed[at - ${(shape.rows * shape.units) / 4}u]`;
  const input = isResidual ? `if (layer > 0u) { made += ${below}; }` : '';
  const factors = drops ? `dropFactors(siteKey(layer + 1u), n * ${spec.rnnSize}u + quad * 4u)` : 'vec4f(1f)';
  return `${input}\nhanded[at] = made * ${factors};`;
}
