import { layerParameters, type LayerParameter } from '../../../shared/domain/cells.ts';
import { padded } from './fields/constants.ts';
import type { KernelSizes } from './fields/field.ts';

/** How the optimiser treats a parameter. `hidden` is a matrix that maps a hidden state, with one square matrix for each gate. */
export type ParameterRole = 'vector' | 'matrix' | 'hidden';

/** One parameter tensor in the flat array of all parameters, in its padded form. */
export interface ParameterPlace {
  readonly name: string;
  /** Floats from the start of the parameters. */
  readonly offset: number;
  readonly floats: number;
  /** True rows per block; each block starts at a multiple of 16 rows. */
  readonly blockRows: number;
  /** Rows of each of its panels, one for every padded column; undefined for a vector. */
  readonly depth: number | undefined;
  readonly role: ParameterRole;
}

/** All parameters in canonical order. */
export function parameterPlaces(sizes: KernelSizes): readonly ParameterPlace[] {
  const { spec, size, vocabulary } = sizes;
  const places: ParameterPlace[] = [];
  let offset = 0;
  const add = (
    name: string,
    rows: number,
    blockRows: number,
    depth?: number,
    role: ParameterRole = depth === undefined ? 'vector' : 'matrix',
  ): void => {
    const floats = rows * (depth ?? 1);
    places.push({ name, offset, floats, blockRows, depth, role });
    offset += floats;
  };
  for (let layer = 0; layer < spec.numLayers; layer++) {
    for (const parameter of layerParameters(sizes.cell)) {
      const depth = depthOf(sizes, parameter, layer);
      add(
        `layers.${layer}.${parameter.name}`,
        parameter.blocks * size,
        spec.rnnSize,
        depth,
        roleOf(parameter, layer),
      );
    }
  }
  add('decoder.w', vocabulary, spec.vocabularySize, size);
  add('decoder.b', vocabulary, spec.vocabularySize);
  return places;
}

/** Layer 0 gathers rows by symbol, so its inputs need no padding. */
function depthOf(
  { spec, size }: KernelSizes,
  { columns }: LayerParameter,
  layer: number,
): number | undefined {
  if (columns === undefined) return undefined;
  return columns === 'inputs' && layer === 0 ? spec.vocabularySize : size;
}

function roleOf({ columns }: LayerParameter, layer: number): ParameterRole {
  if (columns === undefined) return 'vector';
  return columns === 'inputs' && layer === 0 ? 'matrix' : 'hidden';
}

/** Offsets of the gates of the hidden matrices, each Hp * Hp floats. */
export function hiddenOffsets(sizes: KernelSizes): readonly number[] {
  const floats = sizes.size ** 2;
  return parameterPlaces(sizes)
    .filter(({ role }) => role === 'hidden')
    .flatMap((place) =>
      Array.from({ length: place.floats / floats }, (_, gate) => place.offset + gate * floats),
    );
}

/** Total floats of all parameters. */
export function parameterFloats(sizes: KernelSizes): number {
  return parameterPlaces(sizes).reduce((total, { floats }) => total + floats, 0);
}

/** Padded row of each of `rows` true ones. */
export function paddedRows({ blockRows }: ParameterPlace, rows: number): Int32Array {
  return Int32Array.from(
    { length: rows },
    (_, row) => Math.floor(row / blockRows) * padded(blockRows) + (row % blockRows),
  );
}
