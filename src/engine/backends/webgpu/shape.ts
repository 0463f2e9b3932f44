import { cellOf, gatesOf, type CellDescription } from '../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';

/** Gates that are multiplied with the same vector. Their columns are ordered by unit: all gates of unit 0, then of unit 1. */
export interface GateGroup {
  readonly gates: readonly string[];
  /** Column of its first gate of unit 0. */
  readonly firstColumn: number;
  /** Columns of the group: its gates times the padded units. */
  readonly columns: number;
}

/** Sizes of a network on the card. Units and symbols are padded; the padding holds zeros, which training keeps. */
export interface NetworkShape {
  readonly spec: ModelSpec;
  readonly cell: CellDescription;
  /** B. */
  readonly batchSize: number;
  /** S. */
  readonly sequenceLength: number;
  /** N = B * S. Row t * B + b is time step t of row b of the batch. */
  readonly rows: number;
  /** Whether batches mark the starts of records. */
  readonly records: boolean;
  /** H, a multiple of 16. */
  readonly units: number;
  /** V, a multiple of 4. */
  readonly symbols: number;
  /** Columns of a layer's weights: G * H. */
  readonly columns: number;
  readonly groups: readonly GateGroup[];
}

const unitMultiple = 16;
const symbolMultiple = 4;

/** Sizes of a network for batches of B x S. */
export function shapeOf(
  spec: ModelSpec,
  {
    batchSize,
    sequenceLength,
    records = false,
  }: { readonly batchSize: number; readonly sequenceLength: number; readonly records?: boolean },
  cell = cellOf(spec),
): NetworkShape {
  const units = roundUp(spec.rnnSize, unitMultiple);
  return {
    spec,
    cell,
    batchSize,
    sequenceLength,
    rows: batchSize * sequenceLength,
    records,
    units,
    symbols: roundUp(spec.vocabularySize, symbolMultiple),
    columns: gatesOf(cell).length * units,
    groups: groupsOf(cell, units),
  };
}

function groupsOf({ gateGroups: [first, second] }: CellDescription, units: number): readonly GateGroup[] {
  const behind = first.length * units;
  return [
    { gates: first, firstColumn: 0, columns: behind },
    ...(second === undefined ? [] : [{ gates: second, firstColumn: behind, columns: second.length * units }]),
  ];
}

/** The next multiple of `multiple`. */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Floats of a buffer of states, [L][S + 1][B][H]: the carried states come first. With records a row of zeros, which is never written, follows. */
export function stateFloats(shape: NetworkShape): number {
  return 4 * zeroRowPlace(shape) + (shape.records ? shape.units : 0);
}

/** Vectors of a time step of one layer in a buffer of states, [B][H]. */
export function stateStepVectors({ batchSize, units }: NetworkShape): number {
  return (batchSize * units) / 4;
}

/** The start of the row of zeros in a buffer of states, in vectors: after the last layer's last time step. */
export function zeroRowPlace(shape: NetworkShape): number {
  return shape.spec.numLayers * (shape.sequenceLength + 1) * stateStepVectors(shape);
}

/** Floats of a buffer of rows, [L][N][H]. */
export function rowFloats({ spec, rows, units }: NetworkShape): number {
  return spec.numLayers * rows * units;
}

/** Floats of what passes from one time step to the next, [L][B][H]. */
export function carriedFloats({ spec, batchSize, units }: NetworkShape): number {
  return spec.numLayers * batchSize * units;
}
