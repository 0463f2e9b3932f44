import type { Batch } from '../backends/backend.ts';
import type { SymbolArray } from './corpus.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';

export type SplitName = 'train' | 'validation' | 'test';

/** Chunk indices `start` up to but not including `end`. */
export interface ChunkRange {
  readonly start: number;
  readonly end: number;
}

/** The chunks of a split, in reading order: training first, then validation, then test. */
export function chunksOf(plan: ChunkPlan, split: SplitName): ChunkRange {
  const { train, validation, total } = plan.chunks;
  switch (split) {
    case 'train':
      return { start: 0, end: train };
    case 'validation':
      return { start: train, end: train + validation };
    case 'test':
      return { start: train + validation, end: total };
  }
}

/** An empty batch of the plan's shape: x and y of [B*S], and where records start if the text has records. */
export function createBatch(plan: ChunkPlan, hasRecords = false): Batch {
  const size = plan.input.batchSize * plan.input.sequenceLength;
  const symbols = { x: new Int32Array(size), y: new Int32Array(size) };
  return hasRecords ? { ...symbols, starts: new Uint8Array(size) } : symbols;
}

/** Symbols of a text and, if it has records, where those start. */
export interface ReadSymbols {
  readonly symbols: SymbolArray;
  readonly starts?: Uint8Array | undefined;
}

/**
 * Fills `into` with chunk `chunkIndex`: row b holds columns k*S..(k+1)*S-1 of stream b, so that row b of a chunk continues row b of
 * the one before. A target is the symbol that follows in the text; the very last one of the kept text wraps to the first symbol.
 * Allocates nothing.
 */
export function readChunk(text: ReadSymbols, plan: ChunkPlan, chunkIndex: number, into: Batch): void {
  if (!(chunkIndex >= 0 && chunkIndex < plan.chunks.total)) throw new RangeError('no such chunk');
  const { sequenceLength } = plan.input;
  readColumns(text, plan, { first: chunkIndex * sequenceLength, wrapAt: Infinity }, into);
}

/**
 * The same for a training chunk that starts `shift` columns later (0 up to but not including the columns of the training split). Where a row reaches
 * the end of its stream's training columns it continues with the first of them; the target there is the symbol that really follows.
 */
export function readShiftedChunk(
  text: ReadSymbols,
  plan: ChunkPlan,
  chunkIndex: number,
  shift: number,
  into: Batch,
): void {
  const { sequenceLength } = plan.input;
  const columns = plan.chunks.train * sequenceLength;
  const first = (chunkIndex * sequenceLength + shift) % columns;
  readColumns(text, plan, { first, wrapAt: columns }, into);
}

/** Fills a batch from column `first` of every stream on, wrapping to column 0 at column `wrapAt`. */
function readColumns(
  { symbols, starts: records }: ReadSymbols,
  plan: ChunkPlan,
  { first, wrapAt }: { readonly first: number; readonly wrapAt: number },
  { x, y, starts }: Batch,
): void {
  const { batchSize, sequenceLength, characters } = plan.input;
  const stream = plan.chunks.total * sequenceLength;
  const kept = stream * batchSize;
  if (symbols.length !== characters) throw new RangeError('the plan was made for another text');
  for (let row = 0, target = 0; row < batchSize; row += 1) {
    const start = row * stream;
    let column = first;
    for (let step = 0; step < sequenceLength; step += 1, target += 1, column += 1) {
      if (column === wrapAt) column = 0;
      const position = start + column;
      x[target] = symbols[position] ?? 0;
      if (starts !== undefined) starts[target] = records?.[position] ?? 0;
      y[target] = symbols[position + 1 === kept ? 0 : position + 1] ?? 0;
    }
  }
}

/** Which split the symbol at `position` (0-based) of the text belongs to; the tail that no chunk holds is 'dropped'. */
export function splitAt(plan: ChunkPlan, position: number): SplitName | 'dropped' {
  const { sequenceLength, batchSize } = plan.input;
  const stream = plan.chunks.total * sequenceLength;
  if (position >= stream * batchSize) return 'dropped';
  const chunk = Math.floor((position % stream) / sequenceLength);
  if (chunk < plan.chunks.train) return 'train';
  return chunk < plan.chunks.train + plan.chunks.validation ? 'validation' : 'test';
}
