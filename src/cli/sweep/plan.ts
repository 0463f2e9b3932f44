import { basename, dirname } from 'node:path';
import { planSweep, type PlannedSweep } from '../../node/sweeps/plan-sweep.ts';
import { countText } from '../../node/texts/count-text.ts';
import { isSlurmHere } from '../../processes/slurm/run-slurm.ts';
import { resolveModel } from '../../runs/find.ts';
import { runSettings } from '../../shared/domain/run-settings.ts';
import {
  usualEarlyStopping,
  type EarlyStopping,
  type SweepAxis,
  type SweepMethod,
  type SweepSpace,
} from '../../shared/domain/sweep-space.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import { textOfCommand } from '../documents.ts';
import type { SweepPlanResult } from '../json-output.ts';
import { givenSettings } from '../options.ts';
import type { Output } from '../output.ts';
import { runsFolderOf } from '../runs-folder.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { newRunSettings } from '../train/new-run-settings.ts';
import { readingStatus } from '../train/reading-status.ts';
import type { TrainOptions } from '../train/training.ts';
import { changesInFlags, changesInWords } from './words.ts';

export interface PlanOptions extends Omit<TrainOptions, 'resume' | 'takeOver' | 'requeue'> {
  readonly vary?: readonly SweepAxis[];
  readonly method?: SweepMethod;
  readonly runs?: number;
  readonly seeds?: number;
  readonly drawSeed?: number;
  /** True, or the first rung as a share of a run. */
  readonly stopEarly?: boolean | number;
}

/** The maximum number of runs of a grid if none is given. */
const usualMost = 1000;
const shown = 10;

export async function plan(
  name: string,
  files: readonly [string, ...string[]],
  options: PlanOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const space = spaceOf(options);
  const given = givenSettings(runSettings, { ...options });
  const runsFolder = await runsFolderOf(options);
  const isBytes = given.symbols === 'bytes';
  const text = await textOfCommand(files, options, output, { isBytes, keeping: 'for-the-command', signal });
  try {
    const encoding = (text.path === files[0] ? options.encoding : undefined) ?? null;
    const choices = { ...options, encoding: encoding ?? undefined, given };
    const request = {
      runsFolder,
      name,
      space,
      earlyStopping: earlyStoppingOf(options),
      settings: { ...(await newRunSettings(text.path, name, choices, output)), name },
      // A text that is read where it is has its path as its title here; pages show its name.
      text: { path: text.path, title: text.title === text.path ? basename(text.path) : text.title, encoding },
      initFrom: options.initFrom === undefined ? null : await resolveModel(options.initFrom, runsFolder),
      vocabulary: options.vocabulary ?? null,
      backend: options.backend ?? 'auto',
      threads: options.threads ?? 0,
    };
    const onProgress = (fraction: number): void => output.status(readingStatus(text.title, fraction));
    const planned = await planSweep(request, (reading) => countText(reading, { signal, onProgress }));
    report(planned, await nextLines(planned, options), output);
  } finally {
    await text.dispose();
  }
}

/** The next step, as it works here: Slurm if a cluster answers, this computer in any case. */
async function nextLines({ record }: PlannedSweep, { out }: PlanOptions): Promise<readonly string[]> {
  const words = ['sweep', 'submit', record.name, ...(out === undefined ? [] : ['--out', out])];
  const local = suggestedCommand([...words, '--engine', 'local']);
  if (!(await isSlurmHere())) return [`Next: ${local}`];
  return [
    `Next, on the cluster, with two hours for each run: ${suggestedCommand([...words, '--time', '2:00:00'])}`,
    `Or on this computer: ${local}`,
  ];
}

function report({ folder, record, tasks }: PlannedSweep, next: readonly string[], output: Output): void {
  output.status('');
  const result: SweepPlanResult = {
    sweep: record.name,
    path: folder,
    runs_folder: dirname(folder),
    tasks: tasks.map(({ index, run, changes }) => ({
      task: index,
      run,
      settings: changesInFlags(changes),
    })),
  };
  output.result(result, () =>
    [
      `Planned ${formatQuantity(tasks.length, 'run')} in ${folder}:`,
      ...tasks.slice(0, shown).map(({ run, changes }) => `  ${run}  ${changesInWords(changes)}`),
      ...(tasks.length > shown ? [`  and ${tasks.length - shown} more`] : []),
      ...next,
    ].join('\n'),
  );
}

function spaceOf({ vary = [], method, runs, seeds = 1, drawSeed = 1 }: PlanOptions): SweepSpace {
  if (vary.length === 0) {
    throw new CharloomError('usage', 'A sweep varies at least one setting.', {
      fix: 'Name one with --vary, for example --vary rnn-size=64,128,256 or --vary learning-rate=0.0005..0.01:log.',
    });
  }
  const isCountable = vary.every((axis) => axis.kind === 'values' || axis.count !== null);
  const chosen = method ?? (isCountable ? 'grid' : 'random');
  if (chosen === 'random' && runs === undefined) {
    throw new CharloomError('usage', 'A sweep that draws at random needs --runs: how many.');
  }
  return { method: chosen, axes: [...vary], seeds, runs: runs ?? usualMost, drawSeed };
}

function earlyStoppingOf({ stopEarly }: PlanOptions): EarlyStopping | null {
  if (stopEarly === undefined || stopEarly === false) return null;
  return stopEarly === true ? usualEarlyStopping : { firstRung: stopEarly };
}
