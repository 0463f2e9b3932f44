import type { Design } from '../design.ts';
import type { BackwardPhase } from '../cells/cell.ts';
import { chunkEnd, fromLater, setRowEnd, startsBinding, statePlaces } from '../records.ts';
import { gateFunctions } from './functions.ts';
import { readGates, storeGates } from './gates.ts';
import { kernel, reads, writes, type Binding } from './kernel.ts';
import type { RecurrentKernel } from './recurrent-forward.ts';
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

/**
 * One phase of a time step backwards, of every layer that has one in this wave: the gradient that comes back through the recurrent product of a group
 * of gates, then the cell, which replaces the gates by their gradients. Layer wave.layer - group.z is at time wave.time + wave.lag * group.z.
 */
export function recurrentBackward(design: Design, phaseIndex: number): RecurrentKernel {
  const { shape, program, plan } = design;
  const phase = program.backward[phaseIndex];
  if (phase === undefined) throw new Error(`a ${design.spec.model} has no phase ${phaseIndex}`);
  const group = assertGroup(shape, phase.group);
  const tile = plan.backward[phase.group];
  if (tile === undefined) throw new Error('a plan has a tile for each group');
  const weights = recurrentWeights(design);
  const source: RecurrentProduct = {
    tile,
    batchSize: shape.batchSize,
    left: { buffer: 'gates', stride: shape.columns / 4 },
    right: { buffer: weights.buffer, stride: shape.columns / 4, along: 'depth' },
    depth: group.columns / 4,
    vectorsPerQuad: 1,
  };
  return {
    grid: recurrentGrid(source, shape.units),
    kernel: kernel({
      name: `backward-${phaseIndex}`,
      bindings: bindingsOf(design, phase),
      threads: recurrentThreads(source),
      memory: [{ name: 'tiles', element: 'vec4f', length: tileVectorsOf(source) }],
      declarations: `${gateFunctions}\n${weights.table}`,
      body: `
let layer = u32(wave.layer) - group.z;
let time = u32(wave.time + wave.lag * i32(group.z));
let ${chunkEnd(shape)} = time + 1u == ${shape.sequenceLength}u;
${productPlace(design, phase, group.firstColumn / 4, group.columns / 4)}
let rightAt = weightsAt[layer] + ${group.firstColumn / 4}u;
${multiplyRecurrent(source)}
${forEachQuad(source, cellStep(design, phase, source))}`,
    }),
  };
}

function bindingsOf({ options, shape }: Design, { bindings, from }: BackwardPhase): readonly Binding[] {
  return uniqueBindings([
    options.weightDrop > 0 ? reads('thinned') : reads('parameters'),
    writes('gates'),
    ...(from === 'later' ? [reads('outputGradient')] : []),
    ...startsBinding(shape),
    ...bindings,
  ]);
}

/** The start of the gates' gradients to multiply; after the last time step there are none. */
function productPlace({ shape }: Design, { from }: BackwardPhase, first: number, vectors: number): string {
  const { rows, batchSize, sequenceLength, columns } = shape;
  const isLater = from === 'later';
  const time = isLater ? `min(time + 1u, ${sequenceLength - 1}u)` : 'time';
  return `
let leftAt = (layer * ${rows}u + ${time} * ${batchSize}u) * ${columns / 4}u + ${first}u;
let depthEnd = ${isLater ? `select(${vectors}u, 0u, ${chunkEnd(shape)})` : `${vectors}u`};`;
}

/** What happens to four units of a row: the gradients that meet in its hidden state are added, then the cell computes. */
function cellStep({ shape }: Design, phase: BackwardPhase, source: RecurrentProduct): string {
  const { rows, batchSize, units, columns } = shape;
  const isLater = phase.from === 'later';
  const product = recurrentSum(source, 'local', 'quadOfGroup');
  const group = (index: number): ReturnType<typeof assertGroup> => assertGroup(shape, index);
  return `
let n = time * ${batchSize}u + row;${setRowEnd(shape)}
let gatesAt = (layer * ${rows}u + n) * ${columns / 4}u;
${statePlaces(shape)}
let at = (layer * ${rows}u + n) * ${units / 4}u + quad;
let carried = (layer * ${batchSize}u + row) * ${units / 4}u + quad;
var through = ${isLater ? fromLater(shape, product) : product};
${isLater ? 'through += outputGradient[at];' : ''}
${[...new Set([...phase.reads, ...phase.writes])].map((index) => readGates(group(index), 'gatesAt')).join('\n')}
${phase.code}
${phase.writes.map((index) => storeGates(group(index), 'gatesAt')).join('\n')}`;
}
