import { join } from 'node:path';
import { benchResult } from '../../src/cli/json-output.ts';
import type { CellKind } from '../../src/shared/domain/cells.ts';
import { charloom, complaintOf, run } from './program.ts';

/** A network whose training step is timed. */
export interface Size {
  readonly model: CellKind;
  readonly numLayers: number;
  readonly rnnSize: number;
  readonly batch: number;
  readonly sequence: number;
  readonly layerNorm?: boolean;
}

const usual = { batch: 50, sequence: 50 };

export const sizes: readonly Size[] = [
  { model: 'lstm', numLayers: 2, rnnSize: 128, ...usual },
  { model: 'lstm', numLayers: 2, rnnSize: 128, ...usual, layerNorm: true },
  { model: 'lstm', numLayers: 2, rnnSize: 256, ...usual },
  { model: 'lstm', numLayers: 2, rnnSize: 512, ...usual },
  { model: 'lstm', numLayers: 2, rnnSize: 512, ...usual, layerNorm: true },
  { model: 'lstm', numLayers: 3, rnnSize: 512, ...usual },
  { model: 'gru', numLayers: 2, rnnSize: 128, ...usual },
  { model: 'gru', numLayers: 2, rnnSize: 128, ...usual, layerNorm: true },
  { model: 'gru', numLayers: 2, rnnSize: 512, ...usual },
  { model: 'rnn', numLayers: 2, rnnSize: 128, ...usual },
  { model: 'lstm', numLayers: 2, rnnSize: 1024, batch: 100, sequence: 100 },
];

export const smallSizes: readonly Size[] = [
  { model: 'lstm', numLayers: 1, rnnSize: 16, batch: 4, sequence: 8 },
];

/** Milliseconds per step on each side; undefined where one failed. */
export interface Timing {
  readonly size: Size;
  readonly milliseconds: Readonly<Record<string, number | undefined>>;
  readonly complaints: readonly string[];
}

/** What each size is timed on. */
export interface Sides {
  readonly backends: readonly string[];
  readonly steps: number;
  /** A Python with PyTorch; undefined leaves that column out. */
  readonly python: string | undefined;
}

/** Times one network on every backend and in PyTorch, one after the other in separate processes. */
export async function timeSize(size: Size, { backends, steps, python }: Sides): Promise<Timing> {
  const milliseconds: Record<string, number | undefined> = {};
  const complaints: string[] = [];
  for (const backend of backends) {
    const answer = await charloom([...benchWords(size), '--backend', backend, '--steps', String(steps)]);
    if (answer.code === 0) milliseconds[backend] = benchResult.parse(JSON.parse(answer.stdout)).ms_per_step;
    else complaints.push(`${nameOf(size)} on ${backend}: ${complaintOf(answer)}`);
  }
  // PyTorch has no layer-normalised cells.
  if (python !== undefined && !size.layerNorm)
    milliseconds['pytorch'] = await timePytorch(python, size, steps);
  return { size, milliseconds, complaints };
}

function benchWords({ model, numLayers, rnnSize, batch, sequence, layerNorm }: Size): string[] {
  const shape = ['--model', model, '--num-layers', String(numLayers), '--rnn-size', String(rnnSize)];
  const cut = ['--batch-size', String(batch), '--seq-length', String(sequence)];
  return ['bench', ...shape, ...cut, ...(layerNorm ? ['--layer-norm'] : []), '--no-compare', '--json'];
}

async function timePytorch(python: string, size: Size, steps: number): Promise<number | undefined> {
  const script = join(import.meta.dirname, '..', 'reference', 'pytorch-step.py');
  const shape = { model: size.model, size: size.rnnSize, layers: size.numLayers };
  const words = { ...shape, batch: size.batch, sequence: size.sequence, steps, device: 'cuda' };
  const answer = await run(python, [
    script,
    ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
  return answer.code === 0 ? Number(answer.stdout.trim()) : undefined;
}

/** "LSTM 2x128, layer-normalised", and the batch and sequence if they are not 50 x 50. */
export function nameOf({ model, numLayers, rnnSize, batch, sequence, layerNorm }: Size): string {
  const cut = batch === usual.batch && sequence === usual.sequence ? '' : `, ${batch} x ${sequence}`;
  return `${model.toUpperCase()} ${numLayers}x${rnnSize}${layerNorm ? ', layer-normalised' : ''}${cut}`;
}

/** The timings as a table in Markdown, with the ratios that matter. */
export function speedTable(timings: readonly Timing[], backends: readonly string[]): string {
  const columns = [...backends, 'pytorch'];
  const head = [
    'Milliseconds a step',
    ...columns,
    ...backends.map((backend) => `${backend} / pytorch`),
    'normalised / plain',
  ];
  const rows = timings.map(({ size, milliseconds }) => [
    nameOf(size),
    ...columns.map((column) => shown(milliseconds[column])),
    ...backends.map((backend) => shown(ratio(milliseconds[backend], milliseconds['pytorch']))),
    shown(normCost(size, timings, backends[0] ?? '')),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The cost of layer normalisation on a backend: its step time divided by the plain cell's. */
function normCost(size: Size, timings: readonly Timing[], backend: string): number | undefined {
  if (!size.layerNorm) return undefined;
  const plain = timings.find((other) => nameOf(other.size) === nameOf({ ...size, layerNorm: false }));
  const own = timings.find((other) => other.size === size);
  return ratio(own?.milliseconds[backend], plain?.milliseconds[backend]);
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

function shown(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(2);
}
