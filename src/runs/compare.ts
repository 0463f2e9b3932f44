import { runSettingKeys, runSettings } from '../shared/domain/run-settings.ts';
import { formatCount, formatEpoch, formatLoss, formatMeasure } from '../shared/format/numbers.ts';
import type { Comparison } from '../shared/ipc/schemas/checkpoint.ts';
import type { Run } from '../shared/ipc/schemas/run.ts';

type Row = Comparison['rows'][number];

/** A run and how fast it was, if that is known. */
export interface ComparedRun {
  readonly run: Run;
  readonly charactersPerSecond: number | null;
}

/** Says how runs differ, in rows and in a sentence, and whether their losses may be compared at all. */
export function compareRuns(compared: readonly ComparedRun[]): Comparison {
  const runs = compared.map(({ run }) => run);
  const rows = [...textRows(runs), ...settingRows(runs), ...resultRows(compared)];
  const warnings = warningsFor(runs);
  return { rows, warnings, sentence: sentenceFor(compared, rows, warnings.length > 0) };
}

function row(group: Row['group'], key: string, title: string, values: readonly string[]): Row {
  return { group, key, title, values, differs: new Set(values).size > 1, better: null };
}

function textRows(runs: readonly Run[]): readonly Row[] {
  return [
    row(
      'text',
      'text',
      'Text',
      runs.map(({ text }) => text.title),
    ),
    row(
      'text',
      'characters',
      'Symbols in the text',
      runs.map(({ text }) => formatCount(text.characters)),
    ),
    row(
      'text',
      'vocabulary',
      'Vocabulary',
      runs.map(({ spec }) => formatCount(spec?.vocabularySize ?? 0)),
    ),
    row(
      'text',
      'parameters',
      'Parameters',
      runs.map(({ parameters }) => formatCount(parameters)),
    ),
  ];
}

function settingRows(runs: readonly Run[]): readonly Row[] {
  return runSettingKeys
    .filter((key) => key !== 'name')
    .map((key) =>
      row(
        'settings',
        key,
        runSettings[key].title,
        runs.map(({ settings }) => String(settings?.[key] ?? '–')),
      ),
    );
}

function resultRows(compared: readonly ComparedRun[]): readonly Row[] {
  const runs = compared.map(({ run }) => run);
  const best = runs.map((run) => run.best?.validationLoss ?? null);
  const last = runs.map((run) => run.lastValidationLoss);
  const speed = compared.map(({ charactersPerSecond }) => charactersPerSecond);
  return [
    { ...row('results', 'best', 'Best validation loss', best.map(lossWord)), better: lowest(best) },
    row(
      'results',
      'bestEpoch',
      'Best at epoch',
      runs.map((run) => (run.best === null ? '–' : formatEpoch(run.best.epoch))),
    ),
    { ...row('results', 'last', 'Last validation loss', last.map(lossWord)), better: lowest(last) },
    row(
      'results',
      'iterations',
      'Iterations done',
      runs.map(({ iteration }) => formatCount(iteration)),
    ),
    {
      ...row(
        'results',
        'speed',
        'Characters a second',
        speed.map((value) => (value === null ? '–' : formatMeasure(value))),
      ),
      better: lowest(speed.map((value) => (value === null ? null : -value))),
    },
  ];
}

function lossWord(loss: number | null): string {
  return loss === null ? '–' : formatLoss(loss);
}

/** Index of the smallest; null when there are fewer than two, or a tie. */
function lowest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const smallest = Math.min(...known);
  return known.filter((value) => value === smallest).length === 1 ? values.indexOf(smallest) : null;
}

/** Losses are means over a validation split in nats per symbol: another split, text or vocabulary is another question. */
function warningsFor(runs: readonly Run[]): readonly string[] {
  const distinct = (value: (run: Run) => string): boolean => new Set(runs.map(value)).size > 1;
  const cut = ({ settings }: Run): string =>
    settings === null
      ? ''
      : [
          settings.batchSize,
          settings.sequenceLength,
          settings.trainFraction,
          settings.validationFraction,
        ].join();
  if (distinct(({ text }) => text.sha256)) {
    return [
      'These runs learned from different texts, so their losses cannot be compared: one text may simply be easier.',
    ];
  }
  return [
    ...(distinct(({ spec }) => String(spec?.vocabularySize))
      ? ['These runs read the text as different symbols, so a loss per symbol means something else in each.']
      : []),
    ...(distinct(cut)
      ? [
          'These runs cut the text differently, so each was measured on another part of it; small differences of loss mean nothing.',
        ]
      : []),
  ];
}

/** "“b” differs from “a” only in dropout (0.5, not 0); its best validation loss is lower: 1.39 against 1.42, …". */
function sentenceFor(
  compared: readonly ComparedRun[],
  rows: readonly Row[],
  isIncomparable: boolean,
): string {
  const runs = compared.map(({ run }) => run);
  const differing = rows.filter(({ group, differs }) => group === 'settings' && differs);
  const better = rows.find(({ key }) => key === 'best')?.better ?? null;
  const [first, second] = compared;
  if (runs.length === 2 && first !== undefined && second !== undefined) {
    return `${pairSentence(first, second, differing)}${pairResult(first, second, isIncomparable)}`;
  }
  const titles = differing.map(({ title }) => title.toLowerCase());
  const what =
    titles.length === 0 ? 'These runs have the same settings' : `These runs differ in ${list(titles)}`;
  const winner = better === null ? undefined : runs[better];
  return !winner?.best || isIncomparable
    ? `${what}.`
    : `${what}. “${winner.name}” has the lowest validation loss: ${formatLoss(winner.best.validationLoss)} at epoch ${formatEpoch(winner.best.epoch)}.`;
}

function pairSentence(first: ComparedRun, second: ComparedRun, differing: readonly Row[]): string {
  const [a, b] = [`“${first.run.name}”`, `“${second.run.name}”`];
  if (differing.length === 0) return `${b} has the same settings as ${a}`;
  const parts = differing
    .slice(0, 4)
    .map(({ title, values }) => `${title.toLowerCase()} (${values[1]}, not ${values[0]})`);
  const rest = differing.length - parts.length;
  const all = rest > 0 ? [...parts, `${rest} more`] : parts;
  return `${b} differs from ${a} ${differing.length === 1 ? 'only ' : ''}in ${list(all)}`;
}

function pairResult(first: ComparedRun, second: ComparedRun, isIncomparable: boolean): string {
  const [a, b] = [first.run.best, second.run.best];
  if (a === null || b === null || isIncomparable) return '.';
  const word =
    b.validationLoss < a.validationLoss
      ? 'lower'
      : b.validationLoss > a.validationLoss
        ? 'higher'
        : 'the same';
  const losses = `its best validation loss is ${word}: ${formatLoss(b.validationLoss)} against ${formatLoss(a.validationLoss)}, at epoch ${formatEpoch(b.epoch)} against ${formatEpoch(a.epoch)}`;
  return `; ${losses}${speedWord(first.charactersPerSecond, second.charactersPerSecond)}.`;
}

function speedWord(first: number | null, second: number | null): string {
  if (first === null || second === null) return '';
  const ratio = second / first;
  if (ratio > 1.1) return `, and it is ${ratio.toFixed(1)} times faster`;
  return ratio < 1 / 1.1 ? `, and it is ${(1 / ratio).toFixed(1)} times slower` : '';
}

function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
