import type { Command } from 'commander';
import type { TextMeasurement } from '../../node/session/measure-text.ts';
import { margin } from '../../runs/chance.ts';
import { formatLoss, formatMeasure, formatQuantity, formatShare } from '../../shared/format/numbers.ts';
import { addBackendOptions, startBackend, type BackendOptions } from '../backend.ts';
import { addCommand, outputFor } from '../command.ts';
import type { EvalResult } from '../json-output.ts';
import { choiceOption } from '../options.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { replacementsAsJson, unknownLines } from '../unknown-characters.ts';

/** The names on the command line, which are train.lua's. */
const splits = { train: 'train', val: 'validation', test: 'test', all: 'all' } as const;
type SplitWord = keyof typeof splits;

interface EvalOptions extends BackendOptions, RunsFolderOptions {
  readonly split?: SplitWord;
  readonly encoding?: string;
  readonly json?: boolean;
}

const details =
  'The loss is in nats per symbol; lower is better. The text is split as the checkpoint’s run split its own.';

export function addEvalCommand(program: Command): void {
  addRunsFolderOption(
    addBackendOptions(addCommand(program, 'eval', 'Measure the loss of a checkpoint on a text', details)),
  )
    .argument('<CHECKPOINT>', 'a checkpoint file, or a run (uses its best checkpoint)')
    .argument('<FILE>', 'a text file')
    .addOption(choiceOption('split', 'the part of the text to read (default all)', Object.keys(splits)))
    .option('--encoding <name>', 'the file’s encoding, if the guess is wrong')
    .action(evaluate);
}

async function evaluate(name: string, file: string, options: EvalOptions): Promise<void> {
  const output = outputFor(options);
  const { resolveModel } = await import('../../runs/find.ts');
  const { measureText } = await import('../../node/session/measure-text.ts');
  const split = options.split ?? 'all';
  const checkpoint = await resolveModel(name, await runsFolderOf(options));
  const measurement = await measureText({
    checkpointPath: checkpoint,
    textPath: file,
    encoding: options.encoding,
    split: splits[split],
    loadBackend: () => startBackend(options),
    onProgress: (fraction) => output.status(`measuring ${formatShare(fraction)}`),
  });
  output.status('');
  const result = asJson(checkpoint, file, split, measurement);
  if (!output.json) for (const line of unknownLines(measurement.unknown)) output.note(line);
  output.result(result, () => asText(result));
}

function asJson(
  checkpoint: string,
  file: string,
  split: SplitWord,
  measurement: TextMeasurement,
): EvalResult {
  const { loss, parts, chunks, symbols, unknown, leftOut } = measurement;
  return {
    checkpoint,
    file,
    split,
    loss,
    loss_margin: margin(parts),
    bits_per_char: loss / Math.LN2,
    perplexity: Math.exp(loss),
    characters: symbols,
    chunks,
    left_out: leftOut,
    replaced: replacementsAsJson(unknown),
  };
}

function asText({
  checkpoint,
  file,
  split,
  loss,
  loss_margin: range,
  bits_per_char: bits,
  perplexity,
  characters,
  chunks,
  left_out: leftOut,
}: EvalResult): string {
  const part = split === 'all' ? '' : `, ${split} split`;
  const facts = [
    ['checkpoint', checkpoint],
    [
      'text',
      `${file}${part}: ${formatQuantity(characters, 'character')} in ${formatQuantity(chunks, 'chunk')}`,
    ],
    [
      'loss',
      `${formatLoss(loss)}${range === null ? '' : ` ± ${range.toFixed(4)}`} nats per character (${(bits ?? Number.NaN).toFixed(4)} bits)`,
    ],
    ...(leftOut > 0 ? [['left out', leftOutSentence(leftOut)]] : []),
    ['as if', `choosing among ${formatMeasure(perplexity ?? Number.NaN)} equally likely characters`],
  ];
  return facts.map(([title = '', value = '']) => `${title.padEnd(12)}${value}`).join('\n');
}

/** From this share on, the loss is that of a different text. */
const much = 0.1;

function leftOutSentence(leftOut: number): string {
  const share = leftOut < 0.001 ? 'less than 0.1 %' : formatShare(leftOut);
  return leftOut >= much
    ? `${share} of this text could not be read, so the loss means little`
    : `${share} of this text could not be read; the loss is for the rest`;
}
