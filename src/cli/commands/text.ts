import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BuiltText } from '../../processes/documents/build-text.ts';
import { documentKindWords } from '../../shared/domain/document-kinds.ts';
import type { StepCount } from '../../shared/domain/documents.ts';
import { noRecords } from '../../shared/domain/record-separator.ts';
import { defaultRunSettings, runSettings } from '../../shared/domain/run-settings.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import { ownFork } from '../backend.ts';
import { addCommand, outputFor } from '../command.ts';
import { addDocumentOptions, recipeOf, separatorOf, type DocumentOptions } from '../documents.ts';
import type { TextResult } from '../json-output.ts';
import { integerOption } from '../options.ts';
import { describeError } from '../report-error.ts';

interface TextOptions extends DocumentOptions {
  readonly output: string;
  readonly records?: string;
  readonly seed?: number;
  readonly json?: boolean;
}

const details =
  'Reads Word, OpenDocument, EPUB, PDF, RTF and HTML files, tables, JSON, subtitles, chats, archives of these and whole folders. File types are detected from content. ' +
  'train and inspect read documents directly; this command writes the text that they would read.';

export function addTextCommand(program: Command): void {
  addDocumentOptions(
    addCommand(program, 'text', 'Convert documents to one plain text', details)
      .argument('<FILES...>', 'files and folders, in the order of the text')
      .requiredOption('--output <file>', 'the new file for the text, in UTF-8; no file is replaced')
      .option('--encoding <name>', 'the encoding of text files, if the guess is wrong')
      .option(
        '--records <line|separator>',
        'write the records of the text in the order that train --shuffle-records uses',
      )
      .addOption(
        integerOption('seed', `the seed of that order (default: ${defaultRunSettings.seed})`, {
          minimum: runSettings.seed.minimum,
          maximum: runSettings.seed.maximum,
        }),
      ),
  ).action(makeText);
}

async function makeText(files: readonly string[], options: TextOptions): Promise<void> {
  const output = outputFor(options);
  const { listInputs } = await import('../../node/documents/list-inputs.ts');
  const { buildText } = await import('../../processes/documents/build-text.ts');
  const path = resolve(options.output);
  const { refuseExisting, refuseInput } = await import('../../node/files/refuse-existing.ts');
  const inputs = await listInputs(files);
  const paths = inputs.map((input) => input.path);
  await refuseInput(path, paths);
  await refuseExisting(path);
  const request = { files: inputs, recipe: recipeOf(options, 'refuse'), separator: separatorOf(options) };
  const onProgress = (fraction: number): void => output.status(`reading: ${Math.round(fraction * 100)}%`);
  try {
    const built = await buildText(await ownFork(), { ...request, output: path }, { onProgress });
    output.status('');
    const result = asJson(built, options.output, await shuffled(path, options));
    output.result(result, () => asText(result));
  } catch (error) {
    // Half a text under this name would be mistaken for the whole, and refused the next time.
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Puts the records into their order, if any were named; returns the hash of the resulting file. */
async function shuffled(
  path: string,
  { records, seed = defaultRunSettings.seed }: TextOptions,
): Promise<string | undefined> {
  if (records === undefined || records === noRecords) return undefined;
  const { shuffleTextFile } = await import('../../node/documents/shuffle-text.ts');
  return shuffleTextFile(path, { records, seed });
}

function asJson(
  { inputs, leftOut, composed }: BuiltText,
  output: string,
  sha256 = composed.sha256,
): TextResult {
  return {
    output,
    inputs: [
      ...inputs.map(({ file, report, composed: part }) => ({
        name: file.name,
        kind: report.kind,
        characters: part.characters,
        problems: report.problems,
      })),
      ...leftOut.map(({ file, error }) => ({
        name: file.name,
        kind: null,
        characters: 0,
        problems: [describeError(error).replace(/\n\s*/, ' ')],
      })),
    ],
    steps: sumOf(inputs.flatMap(({ report, composed: part }) => [...report.steps, ...part.steps])),
    characters: composed.characters,
    sha256,
  };
}

function sumOf(counts: readonly StepCount[]): StepCount[] {
  const sums = new Map<string, number>();
  for (const { step, count } of counts) sums.set(step, (sums.get(step) ?? 0) + count);
  return Array.from(sums, ([step, count]) => ({ step, count }));
}

function asText({ output, inputs, steps, characters }: TextResult): string {
  return [
    ...inputs.flatMap(({ name, kind, characters: length, problems }) => [
      kind === null
        ? `${name}: left out`
        : `${name}: ${documentKindWords[kind]}, ${formatQuantity(length, 'character')}`,
      ...problems.map((problem) => `  ${problem}`),
    ]),
    ...steps
      .filter(({ count }) => count > 0)
      .map(({ step, count }) => `${step}: ${formatQuantity(count, 'change')}`),
    `${output}: ${formatQuantity(characters, 'character')}`,
  ].join('\n');
}
