import type { Command } from 'commander';
import type { TextInspection } from '../../node/texts/text-inspection.ts';
import { defaultRunSettings, runSettings } from '../../shared/domain/run-settings.ts';
import { formatBytes, formatCount, formatQuantity, formatShare } from '../../shared/format/numbers.ts';
import { formatSymbol } from '../../shared/format/symbols.ts';
import { addCommand, outputFor } from '../command.ts';
import type { InspectResult } from '../json-output.ts';
import { addSettings, givenSettings } from '../options.ts';
import { addDocumentOptions, textOfCommand, type DocumentOptions } from '../documents.ts';
import { fixOptions, warningLines } from '../plan-fix.ts';
import { readingStatus } from '../train/reading-status.ts';

const { batchSize, sequenceLength, trainFraction, validationFraction, symbols, lineEnds, maxEpochs } =
  runSettings;
const inspectSettings = {
  batchSize,
  sequenceLength,
  trainFraction,
  validationFraction,
  symbols,
  lineEnds,
  maxEpochs,
};

interface InspectOptions extends DocumentOptions {
  readonly json?: boolean;
}

const details =
  'Counts its characters, shows how a run would split it, warns of problems for training, and gives the loss of simple counting models.';

export function addInspectCommand(program: Command): void {
  addDocumentOptions(
    addSettings(
      addCommand(program, 'inspect', 'Check a text before training on it', details),
      inspectSettings,
    )
      .argument('<FILES...>', 'a text file, a document, or several files and folders')
      .option('--encoding <name>', 'the file’s encoding, if the guess is wrong'),
  ).action(inspect);
}

async function inspect(files: readonly [string, ...string[]], options: InspectOptions): Promise<void> {
  const output = outputFor(options);
  const { inspectText } = await import('../../node/texts/text-inspection.ts');
  const settings = { ...defaultRunSettings, ...givenSettings(inspectSettings, { ...options }) };
  const { symbols, lineEnds } = settings;
  const isBytes = symbols === 'bytes';
  const text = await textOfCommand(files, options, output, { isBytes, keeping: 'for-the-command' });
  try {
    const inspection = await inspectText(
      text.path,
      settings,
      { symbols, lineEnds, encoding: text.path === files[0] ? options.encoding : undefined },
      { onProgress: (fraction) => output.status(readingStatus(text.title, fraction)) },
    );
    output.status('');
    const named = { ...inspection, path: text.title };
    output.result(asJson(named, symbols), () => asText(named));
  } finally {
    await text.dispose();
  }
}

function asJson(inspection: TextInspection, symbols: InspectResult['symbols']): InspectResult {
  const { plan, fingerprint } = inspection;
  const { uniform, unigram, bigram, trigram } = inspection.baselines;
  const { total, train, validation, test } = plan.chunks;
  return {
    file: inspection.path,
    characters: inspection.characters,
    bytes: fingerprint.bytes,
    vocabulary_size: inspection.symbols.length,
    encoding: inspection.encoding.encoding,
    symbols,
    chunks: { total, train, val: validation, test },
    dropped: plan.dropped,
    iterations_per_epoch: plan.iterationsPerEpoch,
    iterations: plan.iterations,
    warnings: plan.warnings.map(({ code, message, fix, blocking }) => ({
      code,
      message,
      fix: fixOptions(fix),
      blocking,
    })),
    baselines: { uniform, unigram, bigram, trigram },
    health: inspection.health,
    vocabulary: inspection.symbols.map(({ code, count }) => ({ symbol: String.fromCodePoint(code), count })),
  };
}

function asText(inspection: TextInspection): string {
  const { plan, fingerprint, encoding } = inspection;
  const { batchSize, sequenceLength } = plan.input;
  const { total, train, validation, test } = plan.chunks;
  const parts = [
    `${formatCount(train)} for training`,
    `${formatCount(validation)} for validation`,
    ...(test > 0 ? [`${formatCount(test)} for testing`] : []),
  ];
  const facts = [
    ['text', inspection.path],
    [
      'length',
      `${formatQuantity(inspection.characters, 'character')} in ${formatQuantity(inspection.lines, 'line')} (${formatBytes(fingerprint.bytes)}, ${encoding.encoding})`,
    ],
    [
      'symbols',
      `${formatQuantity(inspection.symbols.length, 'different one')}; most frequent: ${commonest(inspection)}`,
    ],
    ['chunks', `${formatCount(total)} of ${batchSize} x ${sequenceLength} characters: ${parts.join(', ')}`],
    ['left over', `${formatQuantity(plan.dropped, 'character')} at the end`],
    ['epoch', formatQuantity(plan.iterationsPerEpoch, 'iteration')],
  ];
  return [
    ...facts.map(([name = '', value = '']) => `${name.padEnd(10)}${value}`),
    ...section('Loss of simple counting models (nats per character; a trained model should do better)', [
      `uniform ${shown(inspection.baselines.uniform)}, character frequencies ${shown(inspection.baselines.unigram)}, ` +
        `given one previous character ${shown(inspection.baselines.bigram)}, given two ${shown(inspection.baselines.trigram)}`,
    ]),
    ...section('For a run with these settings', warningLines(plan.warnings)),
    ...section(
      'In the text',
      inspection.health.flatMap(({ level, message, examples }) => [
        `${level}: ${message}`,
        ...examples.slice(0, 3).map(({ line, text }) => `  line ${formatCount(line)}, ${text}`),
      ]),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function commonest({ symbols, characters }: TextInspection): string {
  return [...symbols]
    .sort((a, b) => b.count - a.count)
    .slice(0, 5)
    .map(
      ({ code, count }) => `${formatSymbol(String.fromCodePoint(code))} ${formatShare(count / characters)}`,
    )
    .join(', ');
}

function shown(baseline: number | null): string {
  return baseline === null || Number.isNaN(baseline) ? 'unknown' : baseline.toFixed(3);
}
