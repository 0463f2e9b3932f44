import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { SymbolArray } from '../../engine/dataset/corpus.ts';
import type { Backend } from '../../engine/backends/backend.ts';
import { isResidual, plainModel } from '../../shared/domain/model-spec.ts';
import { runSettings } from '../../shared/domain/run-settings.ts';
import { formatCount, formatMeasure, formatShare } from '../../shared/format/numbers.ts';
import { addBackendOptions, startBackend, type BackendOptions } from '../backend.ts';
import { addCommand, outputFor } from '../command.ts';
import { benchResult, type BenchResult } from '../json-output.ts';
import { addSettings, givenSettings, integerOption } from '../options.ts';
import type { Output } from '../output.ts';

const { model, rnnSize, numLayers, layerNorm, residual, batchSize, sequenceLength } = runSettings;
const benchSettings = { model, rnnSize, numLayers, layerNorm, residual, batchSize, sequenceLength };
const shape = {
  ...plainModel,
  model: 'lstm',
  rnnSize: 128,
  numLayers: 2,
  batchSize: 50,
  sequenceLength: 50,
} as const;

/** Distinct symbols of random text: as many as tinyshakespeare has, so that figures are comparable. */
const randomVocabulary = 65;

interface BenchOptions extends BackendOptions {
  readonly steps?: number;
  readonly text?: string;
  readonly revectorize: boolean;
  readonly compare: boolean;
  readonly json?: boolean;
}

export function addBenchCommand(program: Command): void {
  const command = addCommand(program, 'bench', 'Measure how fast this machine trains and writes');
  addSettings(addBackendOptions(command), benchSettings)
    .addOption(
      integerOption('steps', 'training steps to time (default 50)', { minimum: 1, maximum: 100_000 }),
    )
    .option('--text <file>', 'read this text instead of random symbols')
    .option('--no-revectorize', "without V8's flag that pairs 128-bit operations")
    .option('--no-compare', 'skip the second measurement without that flag')
    .action(bench);
}

async function bench(options: BenchOptions): Promise<void> {
  const output = outputFor(options);
  const backend = await startBackend(options);
  try {
    const result = await measure(backend, options, output);
    // Measured in a separate process: V8 keeps compiled code, so flags have no effect on a module that is already compiled.
    const compares = options.compare && options.revectorize && backend.info.name === 'wasm';
    if (compares) output.status('again without revectorise ...');
    const without = compares ? await measureWithoutRevectorize() : null;
    output.status('');
    const full = { ...result, ms_per_step_without_revectorize: without };
    output.result(full, () => asText(full));
  } finally {
    backend.dispose();
  }
}

async function measure(backend: Backend, options: BenchOptions, output: Output): Promise<BenchResult> {
  const { runBench } = await import('../../node/bench/bench.ts');
  const { parameterCount } = await import('../../shared/domain/model-tensors.ts');
  const settings = { ...shape, ...givenSettings(benchSettings, { ...options }) };
  const { batchSize, sequenceLength, ...architecture } = settings;
  const { model, rnnSize, numLayers } = architecture;
  const text = await readSymbols(options.text);
  const spec = { ...architecture, vocabularySize: text?.vocabularySize ?? randomVocabulary };
  const steps = options.steps ?? 50;
  const report = await runBench(
    backend,
    { spec, batchSize, sequenceLength, steps, symbols: text?.symbols },
    (fraction) => output.status(`measuring ${formatShare(fraction)}`),
  );
  return {
    backend: backend.info.name,
    device: backend.info.device,
    threads: backend.info.threads,
    ms_per_step: round(report.millisecondsPerStep),
    chars_per_s: round(report.charactersPerSecond),
    sample_chars_per_s: round(report.sampledPerSecond),
    rss_mb: round(report.residentBytes / 1e6),
    ms_per_step_without_revectorize: null,
    model,
    rnn_size: rnnSize,
    num_layers: numLayers,
    layer_norm: spec.layerNorm,
    residual: isResidual(spec),
    batch_size: batchSize,
    seq_length: sequenceLength,
    vocabulary_size: spec.vocabularySize,
    parameters: parameterCount(spec),
    steps,
  };
}

async function readSymbols(
  file: string | undefined,
): Promise<{ readonly symbols: SymbolArray; readonly vocabularySize: number } | undefined> {
  if (file === undefined) return undefined;
  const { readTextFile } = await import('../../node/texts/text-file.ts');
  const { corpus } = await readTextFile(file);
  return { symbols: corpus.symbols, vocabularySize: corpus.vocabulary.codes.length };
}

/** The same command line in another process, with the flag off. */
async function measureWithoutRevectorize(): Promise<number | null> {
  const [program = '', ...words] = process.argv.slice(1);
  const command = [program, ...words.filter((word) => word !== '--json'), '--no-revectorize', '--json'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command);
    return benchResult.parse(JSON.parse(stdout)).ms_per_step;
  } catch {
    return null;
  }
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

/** The optional parts of its cells and layers. */
function variantWords({ layer_norm, residual }: BenchResult): string {
  return `${layer_norm ? ', layer-normalised' : ''}${residual ? ', residual connections' : ''}`;
}

function asText(result: BenchResult): string {
  const without = result.ms_per_step_without_revectorize;
  const lines = [
    ['backend', `${result.backend}: ${result.device}`],
    [
      'model',
      `${result.model} ${result.num_layers}x${result.rnn_size}${variantWords(result)}, ${formatCount(result.parameters)} parameters, ` +
        `${result.vocabulary_size} symbols, batch ${result.batch_size} x ${result.seq_length}`,
    ],
    ['training step', `${formatMeasure(result.ms_per_step)} ms (median of ${formatCount(result.steps)})`],
    ...(without === null ? [] : [['', `${formatMeasure(without)} ms without V8's revectorise flag`]]),
    ['training', `${formatCount(result.chars_per_s)} characters a second`],
    ['writing', `${formatCount(result.sample_chars_per_s)} characters a second`],
    ['memory', `${formatCount(result.rss_mb)} MB`],
  ];
  return lines.map(([name = '', value = '']) => `${name.padEnd(14)}${value}`).join('\n');
}
