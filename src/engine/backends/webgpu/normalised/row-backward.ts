import type { BackwardPhase } from '../cells/cell.ts';
import type { Design } from '../design.ts';
import { chunkEnd, setRowEnd, startsBinding } from '../records.ts';
import type { GateGroup, NetworkShape } from '../shape.ts';
import { readGates, storeGates } from '../wgsl/gates.ts';
import { reads, repeat, writes, type Binding, type Kernel } from '../wgsl/kernel.ts';
import { assertGroup, uniqueBindings } from '../wgsl/recurrent-weights.ts';
import { placesOf } from './places.ts';
import { forEachQuadOfRow, rowHead, trueUnits, unpadded } from './row-block.ts';
import { rowKernel } from './row-kernel.ts';
import { columnOf, gainPlace, gateTotal, placesOfQuad, placesOfRow } from './row-places.ts';
import { multiplyRows } from './row-product.ts';
import { hasStateNorm, stateNormBackward, stateNormSums, throughLater } from './state-norm.ts';

/**
 * A chunk of time steps backwards, by whole rows as in the forward pass: the gradients through the recurrent products, the cell and its norms. The
 * gates' gradients replace the gates, those of the products replace the normalised products. Layer wave.layer - group.z has chunk wave.time +
 * wave.lag * group.z.
 */
export function rowBackward(design: Design): Kernel {
  const { shape, program, plan } = design;
  const phases = program.backward.map(
    (phase, index) =>
      `${product(design, phase)}\n${backwardPhase(design, index)}\nstorageBarrier();\nworkgroupBarrier();`,
  );
  return rowKernel(
    design,
    'row-backward',
    backwardBindings(design),
    `
let layer = u32(wave.layer) - group.z;
let firstTime = u32(wave.time + wave.lag * i32(group.z)) * ${plan.chunk}u;
let endTime = min(firstTime + ${plan.chunk}u, ${shape.sequenceLength}u);
${rowHead(plan.rowBlock, shape)}
for (var done = 0u; done < endTime - firstTime; done++) {
let time = endTime - 1u - done;
${stepHead(shape)}
${phases.join('\n')}
}`,
  );
}

/** One phase of one time step backwards, after its product. Layer wave.layer - group.z is at time wave.time + wave.lag * group.z. */
export function stepBackward(design: Design, phaseIndex: number): Kernel {
  const { shape, plan } = design;
  return rowKernel(
    design,
    `step-backward-${phaseIndex}`,
    backwardBindings(design),
    `
let layer = u32(wave.layer) - group.z;
let time = u32(wave.time + wave.lag * i32(group.z));
${rowHead(plan.rowBlock, shape)}
${stepHead(shape)}
${backwardPhase(design, phaseIndex)}`,
  );
}

function stepHead(shape: NetworkShape): string {
  return `
let ${chunkEnd(shape)} = time + 1u == ${shape.sequenceLength}u;
${placesOfRow(shape)}${setRowEnd(shape)}
let scales = normed[scalesAt];
let stateScales = normed[scalesAt + 1u];`;
}

function backwardBindings({ program, shape }: Design): readonly Binding[] {
  return uniqueBindings([
    reads('parameters'),
    reads('effective'),
    reads('outputGradient'),
    writes('gates'),
    writes('normed'),
    ...startsBinding(shape),
    ...program.backward.flatMap(({ bindings }) => bindings),
  ]);
}

function backwardPhase(design: Design, index: number): string {
  const { shape, program, spec, plan } = design;
  const phases = program.backward;
  const phase = phases[index];
  const next = phases[(index + 1) % phases.length];
  if (phase === undefined || next === undefined) throw new Error(`a ${spec.model} has no phase ${index}`);
  // Its gradients are complete now: the next product needs them.
  const complete = assertGroup(shape, next.group);
  const isEnd = index === phases.length - 1;
  const sums = `sums${index}`;
  const over = (code: string): string => forEachQuadOfRow(plan.rowBlock, shape, code);
  const isSquashed = hasStateNorm(shape) && phase.from === 'later';
  return `
${isSquashed ? stateNormSums(design) : ''}
var ${sums} = vec4f();
${over(`${placesOfQuad(shape)}
${through(shape, phase)}
${[...new Set([...phase.reads, ...phase.writes])].map((group) => readGates(assertGroup(shape, group), 'gatesAt')).join('\n')}
${isSquashed ? stateNormBackward(shape) : phase.code}
${phase.writes.map((group) => storeGates(assertGroup(shape, group), 'gatesAt')).join('\n')}
${addShares(complete, 'recurrentAt', 'gh', `${sums}.x`, `${sums}.y`)}
${isEnd ? aboveFirst(shape, shape.groups.map((group) => addShares(group, 'inputAt', 'gx', `${sums}.z`, `${sums}.w`)).join('\n')) : ''}`)}
${sums} = rowSums(lane, ${sums});
${over(`${trueUnits(shape)}
${walkBack(shape, complete, recurrentNorm(shape, complete, sums))}
${isEnd ? aboveFirst(shape, shape.groups.map((group) => walkBack(shape, group, inputNorm(shape, sums))).join('\n')) : ''}`)}`;
}

/** The gradient that comes back through the recurrent product of a phase's group, into `normed`; none after the last time step. */
function product({ shape, plan }: Design, { group: index, from }: BackwardPhase): string {
  const { units, columns, batchSize, rows } = shape;
  const { effective, normed } = placesOf(shape);
  const group = assertGroup(shape, index);
  const time = from === 'later' ? '(time + 1u)' : 'time';
  const multiplied = multiplyRows({
    block: plan.rowBlock,
    batchSize,
    depth: group.columns / 4,
    vectors: units / 4,
    left: (row, k) =>
      `normed[${normed.recurrent + group.firstColumn / 4}u + (layer * ${rows}u + ${time} * ${batchSize}u + ${row}) * ${columns / 4}u + ${k}]`,
    right: {
      buffer: 'effective',
      at: `${effective.turned + (group.firstColumn * units) / 4}u + layer * ${(units * columns) / 4}u`,
      stride: units / 4,
    },
    store: (row, vector, value) =>
      `normed[${normed.through}u + (layer * ${batchSize}u + ${row}) * ${units / 4}u + ${vector}] = ${value};`,
  });
  return from === 'later' ? `if (!${chunkEnd(shape)}) {\n${multiplied}\n}` : multiplied;
}

function through(shape: NetworkShape, { from }: BackwardPhase): string {
  if (from === 'later') return throughLater(shape);
  return `var through = normed[${placesOf(shape).normed.through}u + carried];`;
}

/** Code for the layers whose input is normalised row by row. */
function aboveFirst({ spec }: NetworkShape, code: string): string {
  return spec.numLayers > 1 ? `if (layer > 0u) {\n${code}\n}` : '';
}

/** One normalised product in the backward pass. */
interface Norm {
  /** Its place. */
  readonly place: 'recurrentAt' | 'inputAt';
  readonly gain: 'gh' | 'gx';
  /** 1 / deviation. */
  readonly scale: string;
  /** Means over the row of gradient times gain, and of that times the normalised product. */
  readonly mean: string;
  readonly along: string;
}

function recurrentNorm({ groups, spec }: NetworkShape, group: GateGroup, sums: string): Norm {
  const count = `${group.gates.length * spec.rnnSize}.0f`;
  return {
    place: 'recurrentAt',
    gain: 'gh',
    scale: `scales.${'yz'.charAt(groups.indexOf(group))}`,
    mean: `${sums}.x / ${count}`,
    along: `${sums}.y / ${count}`,
  };
}

function inputNorm(shape: NetworkShape, sums: string): Norm {
  const count = `${gateTotal(shape) * shape.spec.rnnSize}.0f`;
  return {
    place: 'inputAt',
    gain: 'gx',
    scale: 'scales.x',
    mean: `${sums}.z / ${count}`,
    along: `${sums}.w / ${count}`,
  };
}

/** Adds the contribution of four units of a group to the sums over the row. */
function addShares(
  group: GateGroup,
  place: Norm['place'],
  gain: Norm['gain'],
  sum: string,
  along: string,
): string {
  return repeat(group.gates.length, (index) => {
    const column = columnOf(group, index);
    return `{ let share = gates[gatesAt + ${column}] * parameters[${gain}At[layer] + ${column}];
${sum} += dot(share, vec4f(1f));
${along} += dot(share, normed[${place} + ${column}]); }`;
  });
}

/** The product's gradient replaces the normalised product, and the gain's is added to that of the row. */
function walkBack(shape: NetworkShape, group: GateGroup, { place, gain, scale, mean, along }: Norm): string {
  return repeat(group.gates.length, (index) => {
    const column = columnOf(group, index);
    const gainAt = `normed[gainsAt + ${gainPlace(shape, gain)}u + ${column}]`;
    return `{ let gradient = gates[gatesAt + ${column}];
let normal = normed[${place} + ${column}];
let share = gradient * parameters[${gain}At[layer] + ${column}];
${gainAt} = select(${gainAt}, vec4f(), ${chunkEnd(shape)}) + gradient * normal;
normed[${place} + ${column}] = (share - ${mean} - normal * ${along}) * ${scale}${unpadded(shape, group.gates.length, index)}; }`;
  });
}
