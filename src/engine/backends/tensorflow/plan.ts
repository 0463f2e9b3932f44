import type { ModelSpec } from '../../../shared/domain/model-spec.ts';

/**
 * How symbols are represented, in the first layer's gradient and in the cross entropy: by `index` (scattered rows, TensorFlow's own loss; cheaper on
 * a processor), or as `one-hot` rows in plain products (on a card, where indexed additions would happen in the order in which threads run, so that no
 * two runs would be equal).
 */
export type SymbolEncoding = 'index' | 'one-hot';

/** How a layer goes through time: `stepwise` as operations of each time step, `fused` in one call of a kernel made for it. */
export type Recurrence = 'stepwise' | 'fused';

/** How a batch is split inside the graph, so that independent pieces can run side by side. */
export interface GraphPlan {
  /** Rows of each group; groups meet only in the sum of their gradients. They add up to B. */
  readonly rowGroups: readonly number[];
  /** Time steps of each chunk: layer l works on chunk k while layer l-1 is on chunk k+1. They add up to S. */
  readonly chunks: readonly number[];
  readonly symbols: SymbolEncoding;
  /** In training and evaluation; one sampling step is always stepwise. */
  readonly recurrence: Recurrence;
}

/** Steps of a chunk: large enough for an efficient product, small enough that the layers overlap. Measured: 5 to 10 are equally fast. */
const CHUNK_STEPS = 10;
/** Partial weight gradients are all alive until they are summed, so a long sequence gets longer chunks, not more of them. */
const MOST_CHUNKS = 8;
/** A product with fewer rows than this spends its time on reading weights. */
const FEWEST_ROWS = 16;

/**
 * On a processor TensorFlow runs each operation on one thread (which beats splitting small products, see docs/tensorflow.md), so the graph has to
 * offer as many independent parts as there are threads: layers overlap by chunks, and rows are grouped if there are more threads than layers. A
 * graphics card runs one operation at a time and needs each as large as possible.
 */
export function planGraph(
  spec: ModelSpec,
  shape: { readonly batchSize: number; readonly sequenceLength: number },
  device: { readonly kind: 'cpu' | 'gpu'; readonly threads: number },
  recurrence: Recurrence = 'stepwise',
): GraphPlan {
  const { batchSize, sequenceLength } = shape;
  if (device.kind === 'gpu' || recurrence === 'fused') {
    return { rowGroups: [batchSize], chunks: [sequenceLength], symbols: 'one-hot', recurrence };
  }
  const wanted = Math.floor(device.threads / spec.numLayers);
  const groups = Math.max(1, Math.min(wanted, Math.floor(batchSize / FEWEST_ROWS)));
  const steps = Math.max(CHUNK_STEPS, Math.ceil(sequenceLength / MOST_CHUNKS));
  return {
    rowGroups: shares(batchSize, groups),
    chunks: shares(sequenceLength, Math.ceil(sequenceLength / steps)),
    symbols: 'index',
    recurrence,
  };
}

/** Splits a total into parts that differ by at most one. */
function shares(total: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, part) => Math.floor(((part + 1) * total) / parts) - Math.floor((part * total) / parts),
  );
}
