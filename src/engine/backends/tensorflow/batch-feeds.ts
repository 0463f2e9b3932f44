import { dropoutKey, dropoutKeeps, weightDropSite } from '../../random/dropout.ts';

/** A batch as row groups see it: for each group, time step by time step, the group's rows. */
export interface BatchLayout {
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly rowGroups: readonly number[];
}

/**
 * The order the graph reads a batch in: element i of the result is the position in a [B, S] batch of the i-th symbol the graph sees.
 */
export function readingOrder({ batchSize, sequenceLength, rowGroups }: BatchLayout): Int32Array {
  const order = new Int32Array(batchSize * sequenceLength);
  let next = 0;
  let firstRow = 0;
  for (const rows of rowGroups) {
    for (let time = 0; time < sequenceLength; time++) {
      for (let row = firstRow; row < firstRow + rows; row++) order[next++] = row * sequenceLength + time;
    }
    firstRow += rows;
  }
  return order;
}

/** Puts a batch into reading order, into `target`. */
export function arrange(symbols: Int32Array, order: Int32Array, target: Int32Array): void {
  for (let index = 0; index < order.length; index++) target[index] = symbols[order[index] ?? 0] ?? 0;
}

/** Which mask to draw; see random/dropout.ts. */
export interface MaskDraw {
  readonly dropout: number;
  readonly seed: number;
  readonly iteration: number;
  readonly site: number;
  readonly rnnSize: number;
}

/** Which mask of recurrent weights to draw; see random/dropout.ts. */
export interface WeightMaskDraw {
  readonly weightDrop: number;
  readonly seed: number;
  readonly iteration: number;
  readonly numLayers: number;
  readonly layer: number;
}

/** Draws one site's dropout mask in reading order, [S*B, H]: 0 where a unit is dropped, 1/(1-p) where it is kept. */
export function drawMask(
  target: Float32Array,
  order: Int32Array,
  { batchSize, sequenceLength }: BatchLayout,
  draw: MaskDraw,
): void {
  const { dropout, rnnSize } = draw;
  const key = dropoutKey(draw.seed, draw.iteration, draw.site);
  // A table instead of a branch: its direction is random, and a misprediction costs ten times the work.
  const values = Float32Array.of(0, 1 / (1 - dropout));
  let index = 0;
  for (const position of order) {
    const row = Math.floor(position / sequenceLength);
    const time = position % sequenceLength;
    const first = (time * batchSize + row) * rnnSize;
    for (let unit = 0; unit < rnnSize; unit++) {
      const keeps = dropoutKeeps(key, first + unit, dropout);
      target[index++] = values[Number(keeps)] ?? 0;
    }
  }
}

/** Draws the mask of a layer's recurrent weights for one iteration, [G*H, H]: 0 where a weight is dropped, 1/(1-p) where it is kept. */
export function drawWeightMask(target: Float32Array, draw: WeightMaskDraw): void {
  const { weightDrop } = draw;
  const key = dropoutKey(draw.seed, draw.iteration, weightDropSite(draw.numLayers, draw.layer));
  const values = Float32Array.of(0, 1 / (1 - weightDrop));
  for (let element = 0; element < target.length; element++) {
    target[element] = values[Number(dropoutKeeps(key, element, weightDrop))] ?? 0;
  }
}
