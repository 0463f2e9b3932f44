import type { NetworkShape } from '../shape.ts';
import { kernel, reads, writes, type Kernel } from './kernel.ts';

/** Rows of a workgroup, and invocations that share a row. */
const rowsPerGroup = 16;
const lanesPerRow = 16;

/** Workgroups for all rows. */
export function lossGroups({ rows }: NetworkShape): number {
  return Math.ceil(rows / rowsPerGroup);
}

/**
 * Cross entropy of every row, -log softmax(logits)[target] in nats, and in the logits' place their gradient, (softmax - one-hot) / B: the mean over the
 * batch, summed over time. Padded symbols get 0.
 */
export function lossKernel({ rows, batchSize, symbols, spec }: NetworkShape): Kernel {
  return kernel({
    name: 'loss',
    bindings: [reads('batch', 'u32'), writes('logits', 'f32'), writes('losses', 'f32')],
    threads: rowsPerGroup * lanesPerRow,
    memory: [{ name: 'parts', element: 'f32', length: rowsPerGroup * lanesPerRow }],
    body: `
let part = lane % ${lanesPerRow}u;
let first = lane - part;
let wanted = group.x * ${rowsPerGroup}u + lane / ${lanesPerRow}u;
let isThere = wanted < ${rows}u;
let row = min(wanted, ${rows - 1}u);
let at = row * ${symbols}u;
var top = -3.0e38f;
for (var v = part; v < ${spec.vocabularySize}u; v += ${lanesPerRow}u) { top = max(top, logits[at + v]); }
parts[lane] = top;
workgroupBarrier();
for (var i = 0u; i < ${lanesPerRow}u; i++) { top = max(top, parts[first + i]); }
workgroupBarrier();
var sum = 0f;
for (var v = part; v < ${spec.vocabularySize}u; v += ${lanesPerRow}u) { sum += exp(logits[at + v] - top); }
parts[lane] = sum;
workgroupBarrier();
sum = 0f;
for (var i = 0u; i < ${lanesPerRow}u; i++) { sum += parts[first + i]; }
let wantedSymbol = batch[${rows}u + row];
if (isThere && part == 0u) { losses[row] = log(sum) - (logits[at + wantedSymbol] - top); }
storageBarrier();
workgroupBarrier();
if (isThere) {
for (var v = part; v < ${symbols}u; v += ${lanesPerRow}u) {
let share = select(0f, exp(logits[at + v] - top) / sum, v < ${spec.vocabularySize}u);
logits[at + v] = (share - select(0f, 1f, v == wantedSymbol)) / ${batchSize}.0f;
}
}`,
  });
}
