import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { ExportRequest, ExportResult } from '../../node/exchange/export-model.ts';
import type { PageResult } from '../../node/exchange/export-page.ts';
import { exportFormats, exportFormatTable, type ExportFormat } from '../../shared/domain/exchange.ts';
import { formatBytes, formatDifference, formatShare } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import {
  addPageOptions,
  copiesAsJson,
  pageLines,
  pageOf,
  precisionOf,
  textFor,
  type PageOptions,
} from '../export/page.ts';
import type { ExportJson } from '../json-output.ts';
import { choiceOption } from '../options.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { withCancel } from '../with-cancel.ts';

interface ExportOptions extends RunsFolderOptions, PageOptions {
  readonly to: ExportFormat | 'page';
  readonly output?: string;
  readonly json?: boolean;
}

const details = [
  'Writes a folder (a page is one file) with the model, its vocabulary, an example and a test vector. What was written is read again and compared with the model before it is kept.',
  '  page: a page that writes. One HTML file with the model inside, for every browser; it loads nothing. Samples are compared with the text that the model learned from first.',
  ...exportFormats.map(
    (name) => `  ${name}: ${exportFormatTable[name].title}. ${exportFormatTable[name].purpose}`,
  ),
].join('\n');

export function addExportCommand(program: Command): void {
  const command = addRunsFolderOption(
    addCommand(program, 'export', 'Write a model for other programs, or as a page that writes', details)
      .argument('<CHECKPOINT>', 'a checkpoint file, or a run (uses its best checkpoint)')
      .addOption(choiceOption('to', 'the format', ['page', ...exportFormats]).makeOptionMandatory())
      .option(
        '--output <path>',
        'where it goes: a folder to be made, or a .zip archive; a page, the .html file (default: named after run and format, here)',
      ),
  );
  addPageOptions(command).action(exportTo);
}

async function exportTo(name: string, options: ExportOptions): Promise<void> {
  const output = outputFor(options);
  const { resolveModel } = await import('../../runs/find.ts');
  const { readCheckpointHeader } = await import('../../node/files/checkpoint-files.ts');
  const { runFolderName } = await import('../../node/files/names.ts');
  const checkpoint = await resolveModel(name, await runsFolderOf(options));
  const { metadata } = await readCheckpointHeader(checkpoint);
  const run = runFolderName(metadata.settings.name, 1);
  const place = options.output ?? join('.', options.to === 'page' ? `${run}.html` : `${run}-${options.to}`);
  await withCancel(async (signal) => {
    const onProgress = (fraction: number): void => output.status(`exporting ${formatShare(fraction)}`);
    const request = { checkpoint, output: resolve(place), signal, onProgress };
    const { bytes, checked, copies } =
      options.to === 'page'
        ? await writeOnePage(request, options, metadata)
        : { ...(await writeFiles(request, options.to)), copies: null };
    output.status('');
    const result: ExportJson = {
      format: options.to,
      path: place,
      bytes,
      checked: { symbols: checked.symbols, largest_difference: checked.largestDifference },
      ...(copies === null ? {} : { copies: copiesAsJson(copies) }),
    };
    output.result(result, () =>
      [...asText(result), ...(copies === null ? [] : pageLines(copies, bytes))].join('\n'),
    );
  });
}

type Request = Pick<ExportRequest, 'checkpoint' | 'output' | 'signal' | 'onProgress'>;

async function writeFiles(request: Request, format: ExportFormat): Promise<ExportResult> {
  const { exportModel } = await import('../../node/exchange/export-model.ts');
  return exportModel({ ...request, format });
}

async function writeOnePage(
  request: Request,
  options: PageOptions,
  metadata: CheckpointMetadata,
): Promise<PageResult> {
  const { exportPage } = await import('../../node/exchange/export-page.ts');
  const page = pageOf(options, metadata);
  const textPath = await textFor(options, request.checkpoint);
  return exportPage({ ...request, page, precision: precisionOf(options, metadata), textPath });
}

function asText({ path, bytes, checked }: ExportJson): readonly string[] {
  return [
    `${path}: ${formatBytes(bytes)}`,
    `checked with ${checked.symbols} symbols: the largest difference of a logit is ${formatDifference(checked.largest_difference)}`,
  ];
}
