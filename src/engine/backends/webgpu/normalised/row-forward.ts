import { normEpsilon } from '../../../../shared/domain/cells.ts';
import type { Design } from '../design.ts';
import { storeHidden } from '../records.ts';
import type { GateGroup, NetworkShape } from '../shape.ts';
import { readGates, splitGates, storeGates } from '../wgsl/gates.ts';
import { float, reads, repeat, writes, type Binding, type Kernel } from '../wgsl/kernel.ts';
import { handOn } from '../wgsl/recurrent-forward.ts';
import { assertGroup, uniqueBindings } from '../wgsl/recurrent-weights.ts';
import { placesOf } from './places.ts';
import { forEachQuadOfRow, rowHead } from './row-block.ts';
import { rowKernel } from './row-kernel.ts';
import { multiplyRows } from './row-product.ts';
import { columnOf, gateTotal, placesOfQuad, placesOfRow } from './row-places.ts';
import { hasStateNorm, newState, stateNormForward } from './state-norm.ts';

/**
 * A chunk of time steps of every layer that has one in this wave, by workgroups that process whole rows. Layer wave.layer + group.z has chunk
 * wave.time - wave.lag * group.z.
 */
export function rowForward(design: Design): Kernel {
  const { shape, program, plan } = design;
  return rowKernel(
    design,
    'row-forward',
    forwardBindings(design),
    `
let layer = u32(wave.layer) + group.z;
let firstTime = u32(wave.time - wave.lag * i32(group.z)) * ${plan.chunk}u;
${rowHead(plan.rowBlock, shape)}
for (var time = firstTime; time < min(firstTime + ${plan.chunk}u, ${shape.sequenceLength}u); time++) {
${placesOfRow(shape)}
var scales = vec4f();
var stateScales = vec4f();
${program.forward.map((phase, index) => `${product(design, phase.group)}\n${forwardPhase(design, index)}`).join('\n')}
${keepScales}
storageBarrier();
workgroupBarrier();
}`,
  );
}

/** One phase of one time step, after its product. Layer wave.layer + group.z is at time wave.time - wave.lag * group.z. */
export function stepForward(design: Design, phaseIndex: number): Kernel {
  const { shape, plan } = design;
  return rowKernel(
    design,
    `step-forward-${phaseIndex}`,
    forwardBindings(design),
    `
let layer = u32(wave.layer) + group.z;
let time = u32(wave.time - wave.lag * i32(group.z));
${rowHead(plan.rowBlock, shape)}
${placesOfRow(shape)}
var scales = ${phaseIndex === 0 ? 'vec4f()' : 'normed[scalesAt]'};
var stateScales = vec4f();
${forwardPhase(design, phaseIndex)}
${keepScales}`,
  );
}

const keepScales = `
if (isRow && part == 0u) {
normed[scalesAt] = scales;
normed[scalesAt + 1u] = stateScales;
}`;

function forwardBindings({ handsOn, program }: Design): readonly Binding[] {
  return uniqueBindings([
    reads('parameters'),
    reads('effective'),
    reads('batch', 'u32'),
    writes('gates'),
    writes('hidden'),
    writes('normed'),
    ...(handsOn ? [writes('handed')] : []),
    ...program.forward.flatMap(({ bindings }) => bindings),
  ]);
}

function forwardPhase(design: Design, phaseIndex: number): string {
  const { shape, program, spec, plan } = design;
  const phase = program.forward[phaseIndex];
  if (phase === undefined) throw new Error(`a ${spec.model} has no phase ${phaseIndex}`);
  const group = assertGroup(shape, phase.group);
  const sums = `sums${phaseIndex}`;
  const isLast = phaseIndex === program.forward.length - 1;
  const scaleName = 'yz'.charAt(phaseIndex);
  return `
var ${sums} = vec4f();
${forEachQuadOfRow(plan.rowBlock, shape, squares(shape, group, phaseIndex === 0, sums))}
${sums} = rowSums(lane, ${sums});
scales.${scaleName} = ${reciprocalDeviation(`${sums}.x`, group.gates.length * spec.rnnSize)};
${phaseIndex === 0 ? `scales.x = ${reciprocalDeviation(`${sums}.y`, gateTotal(shape) * spec.rnnSize)};` : ''}
${forEachQuadOfRow(
  plan.rowBlock,
  shape,
  `${placesOfQuad(shape)}
${gateSums(shape, group, `scales.${scaleName}`)}
${splitGates(group, 'new')}
${phase.reads.map((index) => readGates(assertGroup(shape, index), 'gatesAt')).join('\n')}
var made = vec4f();
${hasStateNorm(shape) ? newState : phase.code}
${storeGates(group, 'gatesAt')}
${isLast && !hasStateNorm(shape) ? `${storeHidden(shape)}\n${handOn(design)}` : ''}`,
)}
${isLast && hasStateNorm(shape) ? stateNormForward(design) : ''}
${isLast || !plan.rowBlock.isWhole ? '' : 'storageBarrier();\nworkgroupBarrier();'}`;
}

function reciprocalDeviation(squares: string, count: number): string {
  return `1f / sqrt(${squares} / ${count}.0f + ${float(normEpsilon)})`;
}

/** The recurrent product of a group of gates, into the place where it will be normalised. */
function product({ shape, program, plan }: Design, groupIndex: number): string {
  const { units, columns, batchSize, rows, sequenceLength } = shape;
  const group = assertGroup(shape, groupIndex);
  const { effective, normed } = placesOf(shape);
  const isHidden = (program.operands[groupIndex] ?? 'hidden') === 'hidden';
  const rowsBefore = isHidden
    ? `(layer * ${sequenceLength + 1}u + time) * ${batchSize}u`
    : `layer * ${rows}u + time * ${batchSize}u`;
  return multiplyRows({
    block: plan.rowBlock,
    batchSize,
    depth: units / 4,
    vectors: group.columns / 4,
    left: (row, k) => `${isHidden ? 'hidden' : 'operand'}[(${rowsBefore} + ${row}) * ${units / 4}u + ${k}]`,
    right: {
      buffer: 'effective',
      at: `${effective.recurrent + group.firstColumn / 4}u + layer * ${(units * columns) / 4}u`,
      stride: columns / 4,
    },
    store: (row, vector, value) =>
      `normed[${normed.recurrent + group.firstColumn / 4}u + (layer * ${rows}u + time * ${batchSize}u + ${row}) * ${columns / 4}u + ${vector}] = ${value};`,
  });
}

/** Adds up the squares of this quad of the recurrent product, and with the first phase those of the whole input. */
function squares({ groups, spec }: NetworkShape, group: GateGroup, isFirst: boolean, sums: string): string {
  const add = (of: GateGroup, place: string, component: string): string =>
    repeat(
      of.gates.length,
      (index) => `{ let v = normed[${place} + ${columnOf(of, index)}]; ${sums}.${component} += dot(v, v); }`,
    );
  const input = groups.map((each) => add(each, 'inputAt', 'y')).join('\n');
  return `${add(group, 'recurrentAt', 'x')}
${isFirst && spec.numLayers > 1 ? `if (layer > 0u) {\n${input}\n}` : ''}`;
}

/** Sets new0, new1 and so on, the sums of a quad's gates: both products normalised, times gain, and the biases. */
function gateSums(shape: NetworkShape, group: GateGroup, scale: string): string {
  const { columns, spec } = shape;
  const { effective } = placesOf(shape);
  const line = (index: number): string => {
    const column = columnOf(group, index);
    const table = `effective[${effective.table}u + batch[n] * ${columns / 4}u + ${column}]`;
    return `
let normal${index} = normed[recurrentAt + ${column}] * ${scale};
normed[recurrentAt + ${column}] = normal${index};
var new${index} = normal${index} * parameters[ghAt[layer] + ${column}];
if (layer == 0u) {
new${index} += ${table};
}${
      spec.numLayers > 1
        ? ` else {
let input = normed[inputAt + ${column}] * scales.x;
normed[inputAt + ${column}] = input;
new${index} += input * parameters[gxAt[layer] + ${column}] + parameters[bxAt[layer] + ${column}] + parameters[bhAt[layer] + ${column}];
}`
        : ''
    }`;
  };
  return repeat(group.gates.length, line);
}
