import { gatesOf, layerParameters, type LayerParameter } from '../../../shared/domain/cells.ts';
import type { GateGroup, NetworkShape } from './shape.ts';

/**
 * How the optimiser treats a parameter. `hidden` is a matrix that maps a hidden state, gate by gate; `matrix` is any other. Weight decay applies to
 * both, Muon to hidden ones.
 */
export type ParameterRole = 'vector' | 'matrix' | 'hidden';

/**
 * The place of one parameter in the flat array of all parameters, which optimiser state, average and gradients share. Canonical element [row][column]
 * is at offset + column * width + columnOf[row]: matrices are transposed, so that a row on the card holds the contribution of one input to every
 * gate. A vector is a matrix with one canonical column.
 */
export interface ParameterPlace {
  /** Its canonical name. */
  readonly name: string;
  readonly role: ParameterRole;
  /** The layer it belongs to; undefined for the decoder. */
  readonly layer: number | undefined;
  /** What follows `layers.N.` or `decoder.` in its name. */
  readonly parameter: string;
  /** Floats from the start of the array, a multiple of 4. */
  readonly offset: number;
  /** Floats it takes, padding included. */
  readonly floats: number;
  /** Floats of a row on the card. */
  readonly width: number;
  /** Canonical columns, without padding: 1 for a vector. */
  readonly inputs: number;
  /** For each canonical row its column on the card. */
  readonly columnOf: Int32Array;
}

/** The places of all parameters. */
export interface ParameterLayout {
  /** In canonical order. */
  readonly places: readonly ParameterPlace[];
  /** Floats of the whole array, a multiple of 4. */
  readonly floats: number;
  /** The place of a layer's parameter: `of(0, 'wx')`; of the decoder's: `of(undefined, 'w')`. */
  of(layer: number | undefined, parameter: string): ParameterPlace;
}

type PlaceWithoutOffset = Omit<ParameterPlace, 'offset'>;

/** Lays out the parameters of a network. */
export function layoutOf(shape: NetworkShape): ParameterLayout {
  const layers = Array.from({ length: shape.spec.numLayers }, (_, layer) =>
    layerParameters(shape.cell).map((parameter) => layerPlace(shape, layer, parameter)),
  );
  let floats = 0;
  const places = [...layers.flat(), ...decoderPlaces(shape)].map((place): ParameterPlace => {
    const offset = floats;
    floats += place.floats;
    return { ...place, offset };
  });
  const byName = new Map(places.map((place) => [place.name, place]));
  return {
    places,
    floats,
    of: (layer, parameter) => {
      const place = byName.get(layer === undefined ? `decoder.${parameter}` : `layers.${layer}.${parameter}`);
      if (place === undefined) throw new Error(`this network has no parameter ${parameter}`);
      return place;
    },
  };
}

function layerPlace(shape: NetworkShape, layer: number, parameter: LayerParameter): PlaceWithoutOffset {
  const { spec, units } = shape;
  const width = parameter.blocks * units;
  // Symbols of layer 0 are looked up, so their rows need no padding.
  const isLookup = parameter.columns === 'inputs' && layer === 0;
  const [inputs, rows] = isLookup ? [spec.vocabularySize, spec.vocabularySize] : [spec.rnnSize, units];
  const isVector = parameter.columns === undefined;
  const matrixRole = isLookup ? 'matrix' : 'hidden';
  return {
    name: `layers.${layer}.${parameter.name}`,
    role: isVector ? 'vector' : matrixRole,
    layer,
    parameter: parameter.name,
    floats: isVector ? width : rows * width,
    width,
    inputs: isVector ? 1 : inputs,
    columnOf: columnsOf(shape, parameter.blocks),
  };
}

function decoderPlaces({ spec, units, symbols }: NetworkShape): readonly PlaceWithoutOffset[] {
  const columnOf = Int32Array.from({ length: spec.vocabularySize }, (_, symbol) => symbol);
  const common = { layer: undefined, width: symbols, columnOf };
  return [
    {
      ...common,
      name: 'decoder.w',
      role: 'matrix',
      parameter: 'w',
      floats: units * symbols,
      inputs: spec.rnnSize,
    },
    { ...common, name: 'decoder.b', role: 'vector', parameter: 'b', floats: symbols, inputs: 1 },
  ];
}

/** Where there is a block for each gate, the gates of a unit are adjacent; other blocks are consecutive. */
function columnsOf({ spec, cell, groups, units }: NetworkShape, blocks: number): Int32Array {
  const isGates = blocks === gatesOf(cell).length;
  const gates = groups.flatMap(gateColumns);
  return Int32Array.from({ length: blocks * spec.rnnSize }, (_, row) => {
    const block = Math.floor(row / spec.rnnSize);
    const unit = row % spec.rnnSize;
    const gate = isGates ? gates[block] : undefined;
    return gate === undefined ? block * units + unit : gate.first + unit * gate.stride;
  });
}

/** The columns of a gate: the column of unit 0, and the distance to the next unit's. */
export interface GateColumns {
  readonly first: number;
  readonly stride: number;
}

/** The columns of each gate of a group. */
export function gateColumns({ gates, firstColumn }: GateGroup): readonly GateColumns[] {
  return gates.map((_, gate) => ({ first: firstColumn + gate, stride: gates.length }));
}
