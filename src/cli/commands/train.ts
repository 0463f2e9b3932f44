import type { Command } from 'commander';
import type { RunController } from '../../node/session/controller.ts';
import { defaultRecipe, recipeNames, recipeSettings } from '../../shared/domain/recipes.ts';
import { runSettings } from '../../shared/domain/run-settings.ts';
import { vocabularyChoices } from '../../shared/domain/symbol-fit.ts';
import { presetKeys } from '../../shared/planning/presets.ts';
import { CharloomError } from '../../shared/errors.ts';
import { addBackendOptions } from '../backend.ts';
import { runToGoOnWith, tellStarted } from '../compute-process.ts';
import { addCommand, outputFor } from '../command.ts';
import { addDocumentOptions } from '../documents.ts';
import { EndedWith, exitCodes } from '../exit-codes.ts';
import { releaseSignals } from '../held-signals.ts';
import { listenForInterrupts } from '../../node/interrupts.ts';
import { addSettings, choiceOption } from '../options.ts';
import { onOutputClosed } from '../output-closed.ts';
import { addRunsFolderOption } from '../runs-folder.ts';
import type { TrainReporter } from '../train/reporter.ts';
import type { TrainOptions } from '../train/training.ts';

const details =
  'Without FILE it trains on a bundled book. Ctrl-C saves and exits; --resume continues from exactly that point. A second Ctrl-C skips the last measurement.';

const recipeHelp = `training recipe; options below override it: ${defaultRecipe} learns much faster, char-rnn reproduces char-rnn exactly (default ${defaultRecipe}; see charloom settings)`;

const presetHelp =
  'model size, dropout and length chosen for this text, as on the Run setup page: a quick look, a good model, or the best model; options below override them';

export function addTrainCommand(program: Command): void {
  const command = addRunsFolderOption(
    addBackendOptions(
      addCommand(program, 'train', 'Train a model on a text', details),
      'compute backend; auto picks the fastest for this model on this machine',
    ),
  );
  addSettings(command, runSettings, { canTurnOff: true, usual: recipeSettings(defaultRecipe) })
    .argument('[FILES...]', 'a text file, a document, or several files and folders')
    .addOption(choiceOption('recipe', recipeHelp, recipeNames))
    .addOption(choiceOption('preset', presetHelp, presetKeys))
    .option('--resume <run>', 'resume this run from exactly where it stopped')
    .option('--take-over', 'resume the run even if a process on another computer may still be training it')
    .option(
      '--requeue',
      `exit with ${exitCodes.unfinished.code} if asked to stop before the run is finished, so that a job script can requeue it`,
    )
    .option('--init-from <checkpoint>', "start from this checkpoint's weights (or a run's best)")
    .addOption(
      choiceOption(
        'vocabulary',
        'if the --init-from checkpoint has other symbols than the text: keep its symbols (others in the text are replaced or left out), or widen them with the text’s',
        vocabularyChoices,
      ),
    )
    .option('--encoding <name>', 'the file’s encoding, if the guess is wrong');
  addDocumentOptions(command).action(train);
}

async function train(files: readonly string[], options: TrainOptions): Promise<void> {
  const output = outputFor(options);
  const { RunController } = await import('../../node/session/controller.ts');
  const { goOnWith, prepareTraining } = await import('../train/training.ts');
  const controller = new RunController();
  let reporter: TrainReporter | undefined;
  const stopListening = obeySignals(controller, () => reporter?.stopping());
  try {
    const { textTitle, run } = await prepareTraining(files, options, output, controller.signal);
    const { trainThroughLosses } = await import('../train/through-losses.ts');
    const { describeOutcome, exploded, reporterFor } = await import('../train/outcome.ts');
    reporter = reporterFor(output, textTitle);
    if (controller.isEnding) reporter.stopping();
    const outcome = await trainThroughLosses({
      begin: run,
      goOn: (folder) => goOnWith(folder, options).run,
      hooks: reporter,
      controller,
      hasGoneOn: runToGoOnWith() !== undefined,
      onStarted: tellStarted,
    });
    reporter.done(await describeOutcome(outcome));
    if (outcome.end === 'exploded') throw exploded(outcome);
    if (options.requeue && outcome.end !== 'finished') throw new EndedWith(exitCodes.unfinished.code);
  } catch (error) {
    // Stopped before there was anything to save.
    const hasNotBegun = error instanceof CharloomError && error.code === 'cancelled';
    if (options.requeue && controller.isEnding && hasNotBegun) throw new EndedWith(exitCodes.unfinished.code);
    throw error;
  } finally {
    output.status('');
    stopListening();
  }
}

/**
 * Ending the program must not lose training, even if the terminal or the output pipe is closed. The second Ctrl-C exits as soon as the run is saved,
 * which takes a moment; the third does not wait for that.
 */
function obeySignals(controller: RunController, onStopping: () => void): () => void {
  onOutputClosed(() => controller.stop());
  const exit = (): never => process.exit(exitCodes.cancelled.code);
  let isLeaving = false;
  const onStop = (): void => {
    controller.stop();
    onStopping();
  };
  const stopListening = listenForInterrupts({
    onStop,
    onLeave: () => {
      if (isLeaving) exit();
      isLeaving = true;
      void controller.whenSafe().then(exit);
    },
    onCheckpoint: () => controller.checkpoint(),
  });
  if (releaseSignals().length > 0) onStop();
  return stopListening;
}
