import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exportFormats, exportFormatTable, type ExportFormat } from '../../shared/domain/exchange.ts';
import { formatBytes, formatShare } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import type { ExportJson } from '../json-output.ts';
import { choiceOption } from '../options.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { withCancel } from '../with-cancel.ts';

interface ExportOptions extends RunsFolderOptions {
  readonly to: ExportFormat;
  readonly output?: string;
  readonly json?: boolean;
}

const details = [
  'Writes a folder with the model, its vocabulary, an example and a test vector. What was written is read again and compared with the model before it is kept.',
  ...exportFormats.map(
    (name) => `  ${name}: ${exportFormatTable[name].title}. ${exportFormatTable[name].purpose}`,
  ),
].join('\n');

export function addExportCommand(program: Command): void {
  addRunsFolderOption(
    addCommand(program, 'export', 'Write a model for other programs', details)
      .argument('<CHECKPOINT>', 'a checkpoint file, or a run (uses its best checkpoint)')
      .addOption(choiceOption('to', 'the format', exportFormats).makeOptionMandatory())
      .option(
        '--output <path>',
        'where it goes: a folder to be made, or a .zip archive (default: a folder named after run and format, here)',
      ),
  ).action(exportTo);
}

async function exportTo(name: string, options: ExportOptions): Promise<void> {
  const output = outputFor(options);
  const { resolveModel } = await import('../../runs/find.ts');
  const { exportModel } = await import('../../node/exchange/export-model.ts');
  const { readCheckpointHeader } = await import('../../node/files/checkpoint-files.ts');
  const { runFolderName } = await import('../../node/files/names.ts');
  const checkpoint = await resolveModel(name, await runsFolderOf(options));
  const { metadata } = await readCheckpointHeader(checkpoint);
  const place = options.output ?? join('.', `${runFolderName(metadata.settings.name, 1)}-${options.to}`);
  await withCancel(async (signal) => {
    const { bytes, checked } = await exportModel({
      checkpoint,
      format: options.to,
      output: resolve(place),
      signal,
      onProgress: (fraction) => output.status(`exporting ${formatShare(fraction)}`),
    });
    output.status('');
    const result: ExportJson = {
      format: options.to,
      path: place,
      bytes,
      checked: { symbols: checked.symbols, largest_difference: checked.largestDifference },
    };
    output.result(result, () => asText(result));
  });
}

function asText({ path, bytes, checked }: ExportJson): string {
  return [
    `${path}: ${formatBytes(bytes)}`,
    `checked with ${checked.symbols} symbols: the largest difference of a logit is ${checked.largest_difference.toExponential(1)}`,
  ].join('\n');
}
