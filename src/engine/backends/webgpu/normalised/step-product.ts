import type { Design } from '../design.ts';
import { kernel, reads, repeat, writes, type Kernel } from '../wgsl/kernel.ts';
import type { RecurrentKernel } from '../wgsl/recurrent-forward.ts';
import {
  forEachQuad,
  multiplyRecurrent,
  recurrentGrid,
  recurrentSum,
  recurrentThreads,
  tileVectorsOf,
  type RecurrentProduct,
} from '../wgsl/recurrent-product.ts';
import { assertGroup, uniqueBindings } from '../wgsl/recurrent-weights.ts';
import { placesOf } from './places.ts';

/** The recurrent product of a group of gates at one time step, into the place where it will be normalised. */
export function productForward(design: Design, phaseIndex: number): RecurrentKernel {
  const { shape, program, plan } = design;
  const { rows, batchSize, sequenceLength, units, columns } = shape;
  const { effective, normed } = placesOf(shape);
  const index = program.forward[phaseIndex]?.group ?? 0;
  const group = assertGroup(shape, index);
  const operand = program.operands[index] ?? 'hidden';
  const rowsBefore =
    operand === 'hidden'
      ? `(layer * ${sequenceLength + 1}u + time) * ${batchSize}u`
      : `(layer * ${rows}u + time * ${batchSize}u)`;
  const source: RecurrentProduct = {
    tile: assertTile(plan.forward[index]),
    batchSize,
    left: { buffer: operand, stride: units / 4 },
    right: { buffer: 'effective', stride: columns / 4, along: 'extent' },
    depth: units / 4,
    vectorsPerQuad: group.gates.length,
  };
  const count = group.gates.length;
  const target = `${normed.recurrent + group.firstColumn / 4}u + (layer * ${rows}u + time * ${batchSize}u + row) * ${columns / 4}u + quad * ${count}u`;
  return {
    grid: recurrentGrid(source, units),
    kernel: productKernel(
      `product-forward-${phaseIndex}`,
      source,
      `
let layer = u32(wave.layer) + group.z;
let time = u32(wave.time - wave.lag * i32(group.z));
let leftAt = ${rowsBefore} * ${units / 4}u;
let rightAt = ${effective.recurrent + group.firstColumn / 4}u + layer * ${(units * columns) / 4}u;
let depthEnd = ${units / 4}u;
${multiplyRecurrent(source)}
${forEachQuad(
  source,
  repeat(
    count,
    (vector) =>
      `normed[${target} + ${vector}u] = ${recurrentSum(source, 'local', `quadOfGroup * ${count}u + ${vector}u`)};`,
  ),
)}`,
    ),
  };
}

/** The gradient that comes back through the recurrent product of a phase's group at one time step; none after the last one. */
export function productBackward(design: Design, phaseIndex: number): RecurrentKernel {
  const { shape, program, plan } = design;
  const { rows, batchSize, sequenceLength, units, columns } = shape;
  const { effective, normed } = placesOf(shape);
  const phase = program.backward[phaseIndex];
  if (phase === undefined) throw new Error(`a ${design.spec.model} has no phase ${phaseIndex}`);
  const group = assertGroup(shape, phase.group);
  const source: RecurrentProduct = {
    tile: assertTile(plan.backward[phase.group]),
    batchSize,
    left: { buffer: 'normed', stride: columns / 4 },
    right: { buffer: 'effective', stride: columns / 4, along: 'depth' },
    depth: group.columns / 4,
    vectorsPerQuad: 1,
  };
  const isLater = phase.from === 'later';
  const sourceTime = isLater ? `min(time + 1u, ${sequenceLength - 1}u)` : 'time';
  const vectors = group.columns / 4;
  return {
    grid: recurrentGrid(source, units),
    kernel: productKernel(
      `product-backward-${phaseIndex}`,
      source,
      `
let layer = u32(wave.layer) - group.z;
let time = u32(wave.time + wave.lag * i32(group.z));
let leftAt = ${normed.recurrent + group.firstColumn / 4}u + (layer * ${rows}u + ${sourceTime} * ${batchSize}u) * ${columns / 4}u;
let rightAt = ${effective.recurrent + group.firstColumn / 4}u + layer * ${(units * columns) / 4}u;
let depthEnd = ${isLater ? `select(${vectors}u, 0u, time + 1u == ${sequenceLength}u)` : `${vectors}u`};
${multiplyRecurrent(source)}
${forEachQuad(
  source,
  `normed[${normed.through}u + (layer * ${batchSize}u + row) * ${units / 4}u + quad] = ${recurrentSum(source, 'local', 'quadOfGroup')};`,
)}`,
    ),
  };
}

function productKernel(name: string, source: RecurrentProduct, body: string): Kernel {
  const { buffer } = source.left;
  return kernel({
    name,
    bindings: uniqueBindings([
      reads('effective'),
      ...(buffer === 'operand' || buffer === 'hidden' ? [reads(buffer)] : []),
      writes('normed'),
    ]),
    threads: recurrentThreads(source),
    memory: [{ name: 'tiles', element: 'vec4f', length: tileVectorsOf(source) }],
    body,
  });
}

function assertTile<Tile>(tile: Tile | undefined): Tile {
  if (tile === undefined) throw new Error('a plan has a tile for each group');
  return tile;
}
