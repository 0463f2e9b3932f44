import { runSettingKeys, runSettings } from '../shared/domain/run-settings.ts';
import { settingInWords } from '../shared/domain/setting-words.ts';
import { formatCount, formatEpoch, formatLoss, formatMeasure } from '../shared/format/numbers.ts';
import type { Comparison } from '../shared/domain/checkpoint.ts';
import type { Run } from '../shared/domain/run.ts';
import { sentenceFor } from './compare-sentence.ts';
import { clearlyBest, lowest, type ComparedRun } from './ranking.ts';

type Row = Comparison['rows'][number];

/** The differences between runs, in rows and in a sentence, and whether their losses can be compared. */
export function compareRuns(given: readonly ComparedRun[]): Comparison {
  const runs = given.map(({ run }) => run);
  const warnings = warningsFor(runs);
  const isComparable = warnings.length === 0;
  const rows = [...textRows(runs), ...settingRows(runs), ...resultRows(given, isComparable)];
  return { rows, warnings, sentence: sentenceFor(given, rows, !isComparable) };
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
      runs.map(({ text }) => (text.title === '' ? unknown : text.title)),
    ),
    row(
      'text',
      'characters',
      'Symbols in the text',
      runs.map(({ text }) => (text.characters === 0 ? unknown : formatCount(text.characters))),
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
        runs.map(({ settings, origin }) =>
          settings === null || origin?.settings.includes(key) === false
            ? unknown
            : settingInWords(runSettings[key], settings[key]),
        ),
      ),
    );
}

/** Rows of results; no loss is called better where losses cannot be compared. */
function resultRows(compared: readonly ComparedRun[], isComparable: boolean): readonly Row[] {
  const runs = compared.map(({ run }) => run);
  const best = runs.map((run) => run.best?.validationLoss ?? null);
  const last = runs.map((run) => run.lastValidationLoss);
  const speed = compared.map(({ charactersPerSecond }) => charactersPerSecond);
  return [
    {
      ...row('results', 'best', 'Best validation loss', best.map(lossWord)),
      better: isComparable ? clearlyBest(compared) : null,
    },
    row(
      'results',
      'bestEpoch',
      'Best at epoch',
      runs.map((run) => (run.best === null ? '–' : formatEpoch(run.best.epoch))),
    ),
    {
      ...row('results', 'last', 'Last validation loss', last.map(lossWord)),
      better: isComparable ? lowest(last) : null,
    },
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

/** The placeholder for an unknown value. */
const unknown = '–';

/** Losses are means over a validation split in nats per symbol: another split, text or vocabulary is another question. */
function warningsFor(runs: readonly Run[]): readonly string[] {
  const distinct = (value: (run: Run) => string): boolean => new Set(runs.map(value)).size > 1;
  const unnamed = runs.filter(({ origin }) => origin?.tellsText === false);
  const cut = ({ settings }: Run): string =>
    settings === null
      ? ''
      : [
          settings.batchSize,
          settings.sequenceLength,
          settings.trainFraction,
          settings.validationFraction,
        ].join();
  if (unnamed.length > 0) {
    const names = unnamed.map(({ name }) => `“${name}”`).join(', ');
    return [
      `The file of an imported model (${names}) does not say which text it was trained on: losses can be compared only if the texts are the same.`,
    ];
  }
  if (distinct(({ text }) => text.sha256)) {
    return [
      'These runs were trained on different texts, so their losses cannot be compared: one text may be easier.',
    ];
  }
  return [
    ...(distinct(({ spec }) => String(spec?.vocabularySize))
      ? [
          'These runs use different symbols (characters or bytes), so their losses per symbol cannot be compared.',
        ]
      : []),
    ...(distinct(cut)
      ? [
          'These runs split the text differently, so each was measured on a different part; small differences in loss mean nothing.',
        ]
      : []),
  ];
}
