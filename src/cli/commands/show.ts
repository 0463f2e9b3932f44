import type { Command } from 'commander';
import type { Checkpoint, CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { Certainty } from '../../runs/certainty.ts';
import { byChance } from '../../runs/chance.ts';
import { parameterCount } from '../../shared/domain/model-tensors.ts';
import { runSettings, type RunSettingKey, type RunSettings } from '../../shared/domain/run-settings.ts';
import {
  formatBytes,
  formatCount,
  formatEpoch,
  formatLoss,
  formatQuantity,
} from '../../shared/format/numbers.ts';
import { originFact } from '../../shared/format/origin-words.ts';
import { recipeSentence } from '../../shared/format/recipe-sentence.ts';
import { formatSymbol } from '../../shared/format/symbols.ts';
import { addCommand, outputFor } from '../command.ts';
import type { ShowResult } from '../json-output.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';

interface ShowOptions extends RunsFolderOptions {
  readonly json?: boolean;
}

export function addShowCommand(program: Command): void {
  addRunsFolderOption(
    addCommand(
      program,
      'show',
      'Describe a checkpoint and the run it came from',
      'Reads the whole file, so it detects damage.',
    ),
  )
    .argument('<CHECKPOINT>', 'a checkpoint file, or a run (uses its best checkpoint)')
    .action(show);
}

async function show(name: string, options: ShowOptions): Promise<void> {
  const output = outputFor(options);
  const { resolveModel } = await import('../../runs/find.ts');
  const { readCheckpoint } = await import('../../node/files/checkpoint-files.ts');
  const path = await resolveModel(name, await runsFolderOf(options));
  const { measureCertainty } = await import('../../runs/certainty.ts');
  const checkpoint = await readCheckpoint(path);
  const certainty = await measureCertainty(path, checkpoint.metadata);
  output.result(asJson(path, checkpoint, certainty), () => asText(path, checkpoint, certainty));
}

function asJson(path: string, { metadata, tensors }: Checkpoint, certainty: Certainty): ShowResult {
  const { spec, settings } = metadata;
  return {
    path,
    format_version: metadata.formatVersion,
    written_by: metadata.writtenBy,
    model: spec.model,
    rnn_size: spec.rnnSize,
    num_layers: spec.numLayers,
    dropout: spec.dropout,
    layer_norm: spec.layerNorm,
    residual: spec.residual,
    parameters: parameterCount(spec),
    symbols: metadata.symbols,
    vocabulary_size: spec.vocabularySize,
    vocabulary: [...metadata.vocabulary],
    i: metadata.iteration,
    epoch: metadata.epoch,
    iterations_per_epoch: metadata.iterationsPerEpoch,
    val_loss: metadata.validationLoss,
    weights: metadata.weights,
    trained_loss: metadata.trainedLoss,
    averaged_loss: metadata.averagedLoss,
    val_loss_margin: certainty.margin,
    is_best_of_run: certainty.best === null ? null : certainty.best.isThis,
    within_chance_of_best: certainty.best?.isWithinChance ?? null,
    train_loss: metadata.trainLoss,
    first_loss: metadata.firstLoss,
    learning_rate: metadata.learningRate,
    recoveries: metadata.recoveries,
    initialized_from: metadata.initializedFrom,
    imported_from:
      metadata.origin === undefined ? null : { program: metadata.origin.program, file: metadata.origin.file },
    variant: metadata.variant,
    text: metadata.text,
    settings: Object.fromEntries(optionsOf(settings)),
    tensors: [...tensors].map(([tensor, { shape }]) => ({ name: tensor, shape: [...shape] })),
  };
}

/** Settings under their names on the command line. */
function optionsOf(settings: RunSettings): readonly (readonly [string, string | number | boolean])[] {
  return (Object.keys(runSettings) as RunSettingKey[]).map((key) => [runSettings[key].flag, settings[key]]);
}

/** "1.3921 ± 0.0150, the lowest of its run". */
function lossWords(loss: number | null, { margin, best }: Certainty): string {
  const range = loss === null || margin === null ? '' : ` ± ${margin.toFixed(4)}`;
  const validation = `${formatLoss(loss)}${range}`;
  if (best === null || loss === null) return validation;
  if (best.isThis) return `${validation}, the lowest of its run`;
  const above = `${validation}, above the lowest of its run (${formatLoss(best.validationLoss)} at epoch ${formatEpoch(best.epoch)})`;
  return best.isWithinChance === true ? `${above} ${byChance}` : above;
}

function asText(path: string, { metadata, tensors }: Checkpoint, certainty: Certainty): string {
  const { spec, text } = metadata;
  const numbers = [...tensors.values()].reduce((total, { data }) => total + data.length, 0);
  const continues = [...tensors.keys()].some((name) => name.startsWith('optimizer.'));
  const facts = [
    ['file', path],
    [
      'model',
      `${spec.model} ${spec.numLayers}x${spec.rnnSize}, ${formatQuantity(parameterCount(spec), 'parameter')}`,
    ],
    [
      'holds',
      `${formatQuantity(numbers, 'number')} (${continues ? 'a run can resume from it' : 'for writing only'})`,
    ],
    [
      'symbols',
      `${formatQuantity(spec.vocabularySize, 'different one')}: ${someSymbols(metadata.vocabulary)}`,
    ],
    [
      'trained',
      `${formatQuantity(metadata.iteration, 'iteration')}, epoch ${formatEpoch(metadata.epoch)} (${formatCount(metadata.iterationsPerEpoch)} iterations each)`,
    ],
    ['loss', `validation ${lossWords(metadata.validationLoss, certainty)}`],
    ['', `last training batch ${formatLoss(metadata.trainLoss)}`],
    ...weightLines(metadata),
    ['recipe', recipeSentence(metadata.settings)],
    ['rate', `${metadata.learningRate} for the next step`],
    ['text', textWords(text)],
    ...(metadata.origin === undefined ? [] : [['origin', originFact(metadata.origin)]]),
    ...(metadata.initializedFrom === null ? [] : [['began as', metadata.initializedFrom]]),
    ...(metadata.recoveries === 0
      ? []
      : [['recovered', `${formatQuantity(metadata.recoveries, 'time')} from an explosion`]]),
    ['by', `Charloom ${metadata.writtenBy}, ${metadata.variant}`],
  ];
  const settings = optionsOf(metadata.settings).map(
    ([flag, value]) => `  --${flag} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`,
  );
  return [
    ...facts.map(([name = '', value = '']) => `${name.padEnd(10)}${value}`),
    '',
    'Settings:',
    ...settings,
  ].join('\n');
}

/** The text that an imported model learned from is unknown. */
function textWords(text: CheckpointMetadata['text']): string {
  return text.characters === 0
    ? 'not known'
    : `${formatQuantity(text.characters, 'symbol')}, ${formatBytes(text.bytes)}, ${text.encoding}`;
}

/** Which of its two sets of weights the checkpoint is used with, if it has two. */
function weightLines({ weights, trainedLoss, averagedLoss }: CheckpointMetadata): readonly string[][] {
  if (trainedLoss === undefined || averagedLoss === undefined) return [];
  const [used, other] =
    weights === 'averaged' ? ['averaged weights', 'the trained'] : ['trained weights', 'the averaged'];
  const otherLoss = formatLoss(weights === 'averaged' ? trainedLoss : averagedLoss);
  return [['weights', `used with its ${used}; ${other} ones have ${otherLoss}`]];
}

/** How many symbols a line shows. */
const maxShown = 100;

function someSymbols(vocabulary: readonly string[]): string {
  const shown = vocabulary.slice(0, maxShown).map((symbol) => {
    const named = formatSymbol(symbol);
    return named === `“${symbol}”` ? symbol : `(${named})`;
  });
  const rest = vocabulary.length - shown.length;
  return `${shown.join(' ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
}
