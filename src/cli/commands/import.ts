import { basename } from 'node:path';
import type { Command } from 'commander';
import type { ImportReport } from '../../shared/domain/import-report.ts';
import { originTitle } from '../../shared/domain/model-origin.ts';
import { formatCount, formatLoss, formatQuantity } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import type { ImportResult } from '../json-output.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { withCancel } from '../with-cancel.ts';

interface ImportOptions extends RunsFolderOptions {
  readonly json?: boolean;
}

const details = [
  'Reads a model and keeps it as a run of its own, with the losses that its file records. It can write, be measured, be compared and start new runs.',
  'It reads .t7 checkpoints of char-rnn and torch-rnn, folders of ml5, safetensors files with Charloom’s names (docs/exchange.md), pages that write, and .zip archives of one of these.',
].join('\n');

/** `charloom import`. */
export function addImportCommand(program: Command): void {
  addRunsFolderOption(
    addCommand(program, 'import', 'Import a model of another program', details).argument(
      '<FILE>',
      'a file or a folder',
    ),
  ).action(importFile);
}

async function importFile(path: string, options: ImportOptions): Promise<void> {
  const output = outputFor(options);
  const { importInProcess } = await import('../../processes/import-model.ts');
  const { ownFork } = await import('../backend.ts');
  const runsFolder = await runsFolderOf(options);
  await withCancel(async (signal) => {
    output.status('reading');
    const report = await importInProcess(await ownFork(), { path, runsFolder }, signal);
    output.status('');
    const { earlierImport } = await import('../../runs/same-import.ts');
    const earlier = await earlierImport(runsFolder, report.checkpoint);
    if (earlier !== undefined) {
      const own = basename(report.folder);
      output.note(`This model was imported before, as ${earlier}; ${own} is a second copy of it.`);
    }
    output.result(asJson(report), () => asText(report, options));
  });
}

function asJson({ spec, ...report }: ImportReport): ImportResult {
  return {
    model: spec.model,
    rnn_size: spec.rnnSize,
    num_layers: spec.numLayers,
    symbols: report.symbols,
    vocabulary_size: spec.vocabularySize,
    validation_loss: report.validationLoss,
    checkpoint: report.checkpoint,
    run: report.folder,
    program: report.program,
    recorded_losses: report.recordedLosses,
  };
}

function asText(report: ImportReport, { out }: ImportOptions): string {
  const { spec, symbols, validationLoss, folder, checkpoint, iteration, recordedLosses } = report;
  const name = basename(folder);
  const model = `${spec.model} ${spec.numLayers}x${spec.rnnSize}, ${formatQuantity(spec.vocabularySize, symbols === 'bytes' ? 'byte' : 'character')}`;
  const facts = [
    ['imported', `${name}, from ${originTitle(report)}`],
    ['model', model],
    ...(iteration > 0 ? [['trained', formatQuantity(iteration, 'iteration')]] : []),
    [
      'loss',
      validationLoss === null
        ? 'not in the file'
        : `${formatLoss(validationLoss)} (validation, recorded in its file)`,
    ],
    ...(recordedLosses > 0 ? [['history', `${formatCount(recordedLosses)} recorded losses`]] : []),
    ['checkpoint', checkpoint],
  ];
  const write = suggestedCommand(['sample', name, ...(out === undefined ? [] : ['--out', out])]);
  return [
    ...facts.map(([title = '', value = '']) => `${title.padEnd(12)}${value}`),
    '',
    'It has no optimiser memory, so it cannot be resumed; it can start a new run.',
    `Write with it:  ${write}`,
  ].join('\n');
}
