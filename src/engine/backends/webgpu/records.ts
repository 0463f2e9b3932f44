import { dispatchOf, type Dispatch } from './dispatch.ts';
import { roundUp, stateStepVectors, zeroRowPlace, type NetworkShape } from './shape.ts';
import { kernel, reads, writes, type Binding } from './wgsl/kernel.ts';

/**
 * Records within the shaders. Hidden states that a record would read are stored as zeros, so that products and weight gradients need no special case;
 * a layer's output is kept in `handed`. Other states are kept, because the backward pass needs them; where a record starts, `before` points to a row
 * of zeros instead. Backwards, the last time step of a record is treated as the last of a chunk: nothing comes from later. A network without records
 * has none of this code.
 *
 * Words of the batch, after the others: for each row n = t * B + b whether a record starts there, and B zeros for the time step after the last.
 */

/** Word of the batch where the starts of records are. */
export function startsPlace({ rows, spec }: NetworkShape): number {
  return 3 * rows + spec.vocabularySize + 1;
}

/** Words of the uploaded batch. */
export function batchWords(shape: NetworkShape): number {
  return roundUp(startsPlace(shape) + (shape.records ? shape.rows + shape.batchSize : 0), 4);
}

/** The batch, for kernels that read only the starts from it. */
export function startsBinding({ records }: NetworkShape): readonly Binding[] {
  return records ? [reads('batch', 'u32')] : [];
}

/** Whether a record starts at row n, as WGSL. */
function begins(shape: NetworkShape): string {
  return `batch[${startsPlace(shape)}u + n] != 0u`;
}

/** Whether a record starts in the time step after row n. */
function beginsNext(shape: NetworkShape): string {
  return `batch[${startsPlace(shape) + shape.batchSize}u + n] != 0u`;
}

/** Sets `before` and `after`, the places of four units of row n in the buffers of states; needs layer, time, row, quad and n. */
export function statePlaces(shape: NetworkShape): string {
  const { sequenceLength, units } = shape;
  const perStep = stateStepVectors(shape);
  const place = `(layer * ${sequenceLength + 1}u + time) * ${perStep}u + row * ${units / 4}u + quad`;
  if (!shape.records) return `let before = ${place};\nlet after = before + ${perStep}u;`;
  return `let after = ${place} + ${perStep}u;
let before = select(after - ${perStep}u, ${zeroRowPlace(shape)}u + quad, ${begins(shape)});`;
}

/** Stores the hidden state `made`. */
export function storeHidden(shape: NetworkShape): string {
  if (!shape.records) return 'hidden[after] = made;';
  return `hidden[after] = select(made, vec4f(), ${beginsNext(shape)});`;
}

/** Name of the variable that says whether a time step is the last of the chunk; `isLast` says whether nothing comes from later into a row. */
export function chunkEnd({ records }: NetworkShape): string {
  return records ? 'isChunkEnd' : 'isLast';
}

/** Sets isLast for row n, on a separate line, if it is not the same for all rows. */
export function setRowEnd(shape: NetworkShape): string {
  return shape.records ? `\nlet isLast = isChunkEnd || ${beginsNext(shape)};` : '';
}

/** A gradient from the next time step. */
export function fromLater({ records }: NetworkShape, value: string): string {
  return records ? `select(${value}, vec4f(), isLast)` : value;
}

const threads = 256;

/** Clears the hidden states that records beginning with the chunk would find. */
export function clearStarts(shape: NetworkShape): readonly Dispatch[] {
  if (!shape.records) return [];
  const { spec, batchSize, units, sequenceLength } = shape;
  const perStep = stateStepVectors(shape);
  const vectors = spec.numLayers * perStep;
  const clear = kernel({
    name: 'clear-starts',
    bindings: [reads('batch', 'u32'), writes('hidden')],
    threads,
    body: `
let i = group.x * ${threads}u + lane;
let n = (i % ${perStep}u) / ${units / 4}u;
if (i < ${vectors}u && ${begins(shape)}) {
hidden[(i / ${perStep}u) * ${(sequenceLength + 1) * perStep}u + i % ${perStep}u] = vec4f();
}`,
  });
  return [dispatchOf(clear, [Math.ceil(vectors / threads), 1, 1], spec.numLayers * batchSize * units)];
}
