import type { Design } from '../design.ts';
import { statePlaces } from '../records.ts';
import type { GateGroup, NetworkShape } from '../shape.ts';
import { constantTable, range } from '../wgsl/kernel.ts';
import { gainFloats, placesOf } from './places.ts';

/** Where a layer's biases and gains are, in vectors: `bxAt[layer]`, `ghAt[layer]` and so on. */
export function vectorTables({ layout, spec, shape }: Design): string {
  const names = ['bx', 'bh', ...shape.cell.extraParameters.map(({ name }) => name)];
  return names
    .map((name) =>
      constantTable(
        `${name}At`,
        range(spec.numLayers).map((layer) => layout.of(layer, name).offset / 4),
      ),
    )
    .join('\n');
}

/** Sets the place of this invocation's row of a time step in the buffers. */
export function placesOfRow(shape: NetworkShape): string {
  const { rows, batchSize, columns, spec } = shape;
  const { normed } = placesOf(shape);
  // Layer 0 has no normalised input, and reads none.
  const below = spec.numLayers > 1 ? ` - min(layer, 1u) * ${(rows * columns) / 4}u` : '';
  return `
let n = time * ${batchSize}u + row;
let gatesAt = (layer * ${rows}u + n) * ${columns / 4}u;
let recurrentAt = ${normed.recurrent}u + gatesAt;
let inputAt = ${normed.input}u + gatesAt${below};
let scalesAt = ${normed.scales}u + (layer * ${rows}u + n) * 2u;
let gainsAt = ${normed.gains}u + (layer * ${batchSize}u + row) * ${gainFloats(shape) / 4}u;`;
}

/** Sets the place of four units of this row. */
export function placesOfQuad(shape: NetworkShape): string {
  const { rows, batchSize, units } = shape;
  return `
${statePlaces(shape)}
let at = (layer * ${rows}u + n) * ${units / 4}u + quad;
let carried = (layer * ${batchSize}u + row) * ${units / 4}u + quad;`;
}

/** Column (vector) `index` of a quad within all gates. */
export function columnOf({ firstColumn, gates }: GateGroup, index: number): string {
  return `${firstColumn / 4}u + quad * ${gates.length}u + ${index}u`;
}

/** The place of a gain or bias among those of a row, in vectors. */
export function gainPlace({ cell, units }: NetworkShape, name: string): number {
  const index = cell.extraParameters.findIndex((parameter) => parameter.name === name);
  const before = cell.extraParameters.slice(0, index);
  return before.reduce((sum, { blocks }) => sum + (blocks * units) / 4, 0);
}

/** Gates of all groups together. */
export function gateTotal({ groups }: NetworkShape): number {
  return groups.reduce((sum, { gates }) => sum + gates.length, 0);
}
