import { Option, type Command } from 'commander';
import { defaultRecipe, recipeNames, recipeSettings } from '../../shared/domain/recipes.ts';
import { runSettings } from '../../shared/domain/run-settings.ts';
import { sweepMethods, maxSweepTasks } from '../../shared/domain/sweep-space.ts';
import { vocabularyChoices } from '../../shared/domain/symbol-fit.ts';
import { parseTaskSet } from '../../shared/domain/task-set.ts';
import { CharloomError } from '../../shared/errors.ts';
import { presetKeys } from '../../shared/planning/presets.ts';
import { addBackendOptions } from '../backend.ts';
import { addCommand, outputFor } from '../command.ts';
import { addDocumentOptions } from '../documents.ts';
import { addSettings, choiceOption, integerOption, parseNumber } from '../options.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import type { RetryOptions } from '../sweep/choose-tasks.ts';
import type { PlanOptions } from '../sweep/plan.ts';
import type { SubmitOptions } from '../sweep/submit.ts';
import type { TaskOptions } from '../sweep/task.ts';
import { parseAxis } from '../sweep/vary.ts';
import { withCancel } from '../with-cancel.ts';

interface SweepOptions extends RunsFolderOptions {
  readonly json?: boolean;
}

const planDetails = `Fixes the runs of a sweep and keeps them, with a copy of the text, in RUNS/NAME.sweep. For instance:
  charloom sweep plan size novel.txt --vary rnn-size=64,128,256 --vary dropout=0..0.5:3
  charloom sweep plan rates novel.txt --vary learning-rate=0.0005..0.01:log --vary rnn-size=64,128 --runs 40`;

const submitDetails =
  'Submits what has neither ended nor been submitted: the same command again submits nothing twice. On Slurm each run is an element of a job array; --engine local trains one after another here.';

export function addSweepCommand(program: Command): void {
  const sweep = program
    .command('sweep')
    .description('Train many runs that differ by their settings, here or on a cluster.');
  sweep.summary('Train many runs that differ by their settings').helpOption('-h, --help', 'print this help');
  sweep.helpCommand('help [COMMAND]', 'explain a command').usage('COMMAND [options]');
  // Without a subcommand it prints its help, which is not an error.
  sweep.action(() => sweep.help());
  addPlan(sweep);
  addSubmit(sweep);
  const named = (name: string, summary: string): Command =>
    addRunsFolderOption(addCommand(sweep, name, summary)).argument('<NAME>', 'the sweep');
  named('status', 'Show the state of each run of a sweep').action(
    async (name: string, options: SweepOptions) => {
      const { status } = await import('../sweep/status.ts');
      await status(name, await runsFolderOf(options), outputFor(options));
    },
  );
  named('best', 'Show the best run, and those that are above it by chance only').action(
    async (name: string, options: SweepOptions) => {
      const { best } = await import('../sweep/status.ts');
      await best(name, await runsFolderOf(options), outputFor(options));
    },
  );
  addRunsFolderOption(addCommand(sweep, 'list', 'List the sweeps, newest first')).action(
    async (options: SweepOptions) => {
      const { list } = await import('../sweep/status.ts');
      await list(await runsFolderOf(options), outputFor(options));
    },
  );
  addCancelAndRetry(named);
  addTask(sweep);
}

function addPlan(sweep: Command): void {
  const settings = Object.fromEntries(Object.entries(runSettings).filter(([key]) => key !== 'name'));
  const command = addRunsFolderOption(
    addBackendOptions(addCommand(sweep, 'plan', 'Plan the runs of a sweep', planDetails)),
  );
  addSpaceOptions(command);
  addSettings(command, settings, { canTurnOff: true, usual: recipeSettings(defaultRecipe) })
    .argument('<NAME>', 'what the sweep is called')
    .argument('<FILES...>', 'a text file, a document, or several files and folders')
    .addOption(choiceOption('recipe', `how the runs are trained (default ${defaultRecipe})`, recipeNames))
    .addOption(choiceOption('preset', 'size, dropout and length made for this text', presetKeys))
    .option('--init-from <checkpoint>', "start every run from this checkpoint's parameters (or a run's best)")
    .addOption(
      choiceOption('vocabulary', 'where that checkpoint has other symbols than the text', vocabularyChoices),
    )
    .option('--encoding <name>', 'how the file is encoded, when the guess is wrong');
  addDocumentOptions(command).action(
    async (name: string, files: [string, ...string[]], options: PlanOptions) => {
      const { plan } = await import('../sweep/plan.ts');
      await withCancel((signal) => plan(name, files, options, outputFor(options), signal));
    },
  );
}

function addSpaceOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--vary <axis>',
        'a setting and its values, or its range; may be given several times',
      ).argParser((text: string, before: readonly unknown[] = []) => [...before, parseAxis(text)]),
    )
    .addOption(
      choiceOption(
        'method',
        'every combination, or combinations drawn at random (default: grid where all values are named)',
        sweepMethods,
      ),
    )
    .addOption(
      integerOption('runs', 'most runs; so many are drawn at random', { minimum: 1, maximum: maxSweepTasks }),
    )
    .addOption(
      integerOption('seeds', 'runs of each combination, each with a seed of its own (default: 1)', {
        minimum: 1,
        maximum: 100,
      }),
    )
    .addOption(
      integerOption('draw-seed', 'what combinations are drawn from (default: 1)', {
        minimum: 0,
        maximum: 2 ** 31 - 1,
      }),
    )
    .addOption(
      new Option(
        '--stop-early [share]',
        'end runs that fall behind, at this share of their way and at three and nine times it (default: 1/27)',
      ).argParser(shareOf),
    );
}

function shareOf(text: string): number {
  const share = parseNumber(text);
  if (share > 0 && share < 1) return share;
  throw new CharloomError('usage', `--stop-early cannot be “${text}”: it must be above 0 and below 1.`);
}

function hoursOf(text: string): number {
  const hours = parseNumber(text);
  if (hours > 0) return hours;
  throw new CharloomError('usage', `--hours cannot be “${text}”: it must be a number above 0.`);
}

function addSubmitOptions(command: Command): Command {
  return command
    .addOption(choiceOption('engine', 'what trains them (default: slurm)', ['slurm', 'local']))
    .option(
      '--time <limit>',
      'how long a job may take, as in 2:00:00; a run that is not done asks for another turn',
    )
    .addOption(
      integerOption('cpus', 'processors of each run (default: 2 on Slurm)', { minimum: 1, maximum: 1024 }),
    )
    .option('--mem <size>', 'memory of each run, as in 2G')
    .addOption(integerOption('gpus', 'graphics cards of each run (default: 0)', { minimum: 0, maximum: 64 }))
    .option('--partition <name>', 'where the jobs go')
    .option('--account <name>', 'whom they count for')
    .addOption(
      integerOption('at-once', 'runs that train at the same time (default: 20 on Slurm, 1 here)', {
        minimum: 1,
        maximum: maxSweepTasks,
      }),
    )
    .addOption(new Option('--hours <number>', 'hours that all runs may use together').argParser(hoursOf))
    .option('--setup <file>', 'lines of shell that come before each run: modules, environments')
    .option('--wrap <words>', "what each run is started with, as in 'apptainer exec image.sif'")
    .option('--command <words>', 'what starts Charloom on a node (default: this one)')
    .addOption(
      new Option('--sbatch <option>', 'one more option for sbatch; may be given several times').argParser(
        (text: string, before: readonly string[] = []) => [...before, text],
      ),
    )
    .option('--print', 'show exactly what would be submitted, and submit nothing');
}

function addSubmit(sweep: Command): void {
  const command = addRunsFolderOption(
    addCommand(sweep, 'submit', 'Train the runs of a sweep', submitDetails),
  );
  addSubmitOptions(command)
    .argument('<NAME>', 'the sweep')
    .action(async (name: string, options: SubmitOptions & SweepOptions) => {
      const { submit } = await import('../sweep/submit.ts');
      await submit(name, await runsFolderOf(options), options, { isUnstopped: false }, outputFor(options));
    });
}

function addCancelAndRetry(named: (name: string, summary: string) => Command): void {
  const which = ['[TASKS]', 'tasks by their numbers, as in 3 or 1-5,9 (default: all)', parseTaskSet] as const;
  named('cancel', 'Cancel runs of a sweep: those that train save and end')
    .argument(...which)
    .action(async (name: string, tasks: readonly number[] | undefined, options: SweepOptions) => {
      const { cancel } = await import('../sweep/cancel.ts');
      await cancel(name, await runsFolderOf(options), tasks, outputFor(options));
    });
  addSubmitOptions(
    named('retry', 'Submit runs again: those that failed or were lost, unless options say which'),
  )
    .argument(...which)
    .option('--failed', 'those that failed')
    .option('--lost', 'those that Slurm and their files no longer know')
    .option(
      '--stopped',
      'those that were stopped early: they resume exactly where they were, and are not stopped again',
    )
    .option('--cancelled', 'those that were cancelled')
    .action(
      async (
        name: string,
        tasks: readonly number[] | undefined,
        options: RetryOptions & SubmitOptions & SweepOptions,
      ) => {
        const { submit } = await import('../sweep/submit.ts');
        const { retriedStates } = await import('../sweep/choose-tasks.ts');
        const choice = {
          states: retriedStates(options),
          named: tasks,
          isUnstopped: options.stopped === true,
        };
        await submit(name, await runsFolderOf(options), options, choice, outputFor(options));
      },
    );
}

function addTask(sweep: Command): void {
  addCommand(sweep, 'task', 'Train one run of a sweep from where it is; job scripts call this')
    .argument('<FOLDER>', 'the folder of the sweep')
    .argument('<INDEX>', 'number of the task', (text) => Number(parseTaskSet(text)[0]))
    .addOption(integerOption('submission', 'the submission that it belongs to', { minimum: 0, maximum: 1e9 }))
    .addOption(integerOption('threads', 'processor threads to use', { minimum: 1, maximum: 64 }))
    .action(async (folder: string, index: number, options: TaskOptions & { readonly json?: boolean }) => {
      const { runTask } = await import('../sweep/task.ts');
      await runTask(folder, index, options, outputFor(options));
    });
}
