import { rowBlockOf, type RowBlock } from './normalised/row-block.ts';
import type { GateGroup, NetworkShape } from './shape.ts';
import type { Tile } from './wgsl/product.ts';
import type { RecurrentTile } from './wgsl/recurrent-product.ts';

/** What a plan must know of a device. */
export interface PlanLimits {
  /** Bytes of memory that a workgroup may take: at least 16 KiB. */
  readonly maxComputeWorkgroupStorageSize: number;
}

/** How the work of a network is divided, and with it the sums: results are equal to the bit only within one plan. */
export interface Plan {
  /** Time steps that a layer is behind the one below it. */
  readonly chunk: number;
  /** Partial sums of each weight gradient, over as many pieces of the rows. */
  readonly gradientParts: number;
  /** Workgroups of the update. */
  readonly updateGroups: number;
  /** For each group of gates. */
  readonly forward: readonly RecurrentTile[];
  readonly backward: readonly RecurrentTile[];
  readonly project: Tile;
  readonly descend: Tile;
  readonly decode: Tile;
  readonly undecode: Tile;
  readonly weightGradients: readonly Tile[];
  readonly inputGradients: Tile;
  readonly decoderGradient: Tile;
  /** Where layers normalise. */
  readonly rowBlock: RowBlock;
  /** Multiplications and additions that are submitted at a time. */
  readonly submitWork: number;
  /** The same for one dispatch. */
  readonly dispatchWork: number;
}

/** Steps of a chunk: enough for a good product of the inputs, few enough that the layers overlap. */
const chunkSteps = 10;
/** To be raised with every change of a plan that changes a sum's order. */
const planVersion = 1;
const roomyWorkgroup = 32_768;

/**
 * What a slow card, with 150 thousand million multiplications and additions per second, computes in 100 ms: then it can serve the screen, and no
 * driver considers it hung.
 */
const submitWork = 15e9;

/** Names the way plans are made on a device: a plan follows from it and from the network's sizes. */
export function planName({ maxComputeWorkgroupStorageSize }: PlanLimits): string {
  return `plan${planVersion}.${maxComputeWorkgroupStorageSize >= roomyWorkgroup ? 32 : 16}`;
}

/** Plans the work of a network. */
export function planOf(shape: NetworkShape, parameterFloats: number, limits: PlanLimits): Plan {
  const { sequenceLength, batchSize, rows, columns, units, symbols, groups } = shape;
  const chunk = Math.ceil(sequenceLength / Math.ceil(sequenceLength / chunkSteps));
  const isRoomy = limits.maxComputeWorkgroupStorageSize >= roomyWorkgroup;
  return {
    chunk,
    gradientParts: gradientPartsFor(parameterFloats),
    updateGroups: parameterFloats > 262_144 ? 512 : 128,
    forward: groups.map((group) => forwardTile(group, shape)),
    backward: groups.map((group) => backwardTile(group, shape, isRoomy)),
    project: tileFor(chunk * batchSize, columns),
    descend: tileFor(chunk * batchSize, units),
    decode: tileFor(rows, symbols),
    undecode: tileFor(rows, units),
    weightGradients: groups.map((group) => tileFor(units, group.columns)),
    inputGradients: tileFor(units, columns),
    decoderGradient: tileFor(units, symbols),
    rowBlock: rowBlockOf(shape),
    submitWork,
    dispatchWork: submitWork / 2,
  };
}

/** Small models have too few weights to keep a card busy, so their gradients are summed in more pieces. */
function gradientPartsFor(parameterFloats: number): number {
  if (parameterFloats > 6e6) return 1;
  if (parameterFloats > 2e6) return 2;
  return parameterFloats > 6e5 ? 4 : 8;
}

/** Rows of the batch in a workgroup: at most 25, five for each group of invocations. */
function rowsOf(batchSize: number): Pick<RecurrentTile, 'rowThreads' | 'rowsEach'> {
  if (batchSize <= 5) return { rowThreads: batchSize, rowsEach: 1 };
  const blocks = Math.ceil(batchSize / 25);
  return { rowThreads: 5, rowsEach: Math.ceil(batchSize / blocks / 5) };
}

/** About 160 invocations: a product with few columns is split into more parts along its summed dimension. */
function forwardTile({ gates }: GateGroup, { batchSize, units }: NetworkShape): RecurrentTile {
  const quads = gates.length > 2 ? 2 : 4;
  const depth = largestOf([16, 8, 4], units / 4);
  const depthThreads = Math.min(quads * gates.length >= 8 ? 4 : 8, depth);
  return { quads, ...rowsOf(batchSize), depthThreads, depth };
}

function backwardTile({ columns }: GateGroup, { batchSize }: NetworkShape, isRoomy: boolean): RecurrentTile {
  const depth = largestOf(isRoomy ? [32, 16, 8, 4] : [16, 8, 4], columns / 4);
  return { quads: 4, ...rowsOf(batchSize), depthThreads: Math.min(8, depth), depth };
}

/** The first of some sizes that divides a length. */
function largestOf(sizes: readonly number[], length: number): number {
  return sizes.find((size) => length % size === 0) ?? 1;
}

/** 64 x 64 if the product is large enough, less otherwise. */
function tileFor(rows: number, columns: number): Tile {
  const side = (length: number): number => [16, 32].find((size) => length <= size) ?? 64;
  return { rows: side(rows), columns: side(columns), depth: 16, threadRows: 4, threadColumns: 4 };
}
