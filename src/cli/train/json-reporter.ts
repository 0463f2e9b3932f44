import { withAdvice, type Advice } from '../../shared/advice.ts';
import { adviceForCommandLine } from '../advice.ts';
import { join } from 'node:path';
import { runPaths } from '../../node/files/run-folder.ts';
import type { SessionStart } from '../../node/session/session-types.ts';
import { margin } from '../../runs/chance.ts';
import type { VocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import { replacementsAsJson } from '../unknown-characters.ts';
import { recipeOf } from '../../shared/domain/recipes.ts';
import { explosionKindOf, type RunEvent, type StateEvent } from '../../shared/domain/run-event.ts';
import type { TrainEvent } from '../json-output.ts';
import type { Output } from '../output.ts';
import { warningLines } from '../plan-fix.ts';
import { verdictAsJson } from '../verdict.ts';
import type { RunEnd, TrainReporter } from './reporter.ts';
import { readingStatus } from './reading-status.ts';

/** One line of JSON per event (src/cli/json-output.ts). */
export class JsonReporter implements TrainReporter {
  readonly #output: Output;
  readonly #textTitle: string;
  #checkpoints = '';
  /** The run waits without having been paused by the user. */
  #isHeld = false;

  /** @param textTitle the title of the text that the run learns from */
  constructor(output: Output, textTitle: string) {
    this.#output = output;
    this.#textTitle = textTitle;
  }

  onReading(fraction: number): void {
    this.#output.status(readingStatus(this.#textTitle, fraction));
  }

  onVocabulary(use: VocabularyUse, unknown: readonly UnknownCharacter[]): void {
    this.#output.status('');
    this.#emit({
      event: 'vocabulary',
      choice: use.choice,
      known: use.known,
      added: use.added,
      characters: use.characters,
      left_out: use.leftOut,
      replaced: replacementsAsJson(unknown),
    });
  }

  onStart({ folder, isResumed, iteration, record, plan, parameters }: SessionStart): void {
    this.#output.status('');
    this.#checkpoints = runPaths(folder).checkpoints;
    this.#emit({
      event: 'start',
      run: folder,
      resumed: isResumed,
      i: iteration,
      iterations: plan.iterations,
      iterations_per_epoch: plan.iterationsPerEpoch,
      characters: plan.input.characters,
      vocabulary_size: record.spec.vocabularySize,
      parameters,
      recipe: recipeOf(record.settings),
      device: record.backend.device,
      threads: record.backend.threads,
    });
    for (const line of warningLines(plan.warnings)) this.onNotice(line);
  }

  onEvent(event: RunEvent): void {
    if (event.kind === 'state') return this.#tellState(event);
    const told = trainEventOf(event, (file) => join(this.#checkpoints, file));
    if (told !== undefined) this.#emit(told);
  }

  onNotice(message: string, advice?: Advice): void {
    this.#output.status('');
    this.#emit({ event: 'notice', message: withAdvice(message, advice, adviceForCommandLine) });
  }

  stopping(): void {
    this.onNotice('Stopping after this step.');
  }

  done({ run, end, iteration, best, verdict }: RunEnd): void {
    const path = best?.path ?? null;
    this.#emit({ event: 'done', run, end, i: iteration, best: path, verdict: verdictAsJson(verdict) });
  }

  #tellState({ state, iteration, reason }: StateEvent): void {
    const isHeld = state === 'paused' && reason !== undefined;
    const goesOn = state === 'running' && this.#isHeld;
    this.#isHeld = isHeld;
    if (!isHeld && !goesOn) return;
    this.#output.status('');
    this.#emit({ event: 'state', state, i: iteration, reason: reason ?? null });
  }

  #emit(event: TrainEvent): void {
    this.#output.event(event);
  }
}

/** Undefined for events that scripts do not get: a rollback is visible in the iterations, and the end is reported with its verdict. */
function trainEventOf(event: RunEvent, pathOf: (file: string) => string): TrainEvent | undefined {
  switch (event.kind) {
    case 'step':
      return {
        event: 'step',
        i: event.iteration,
        epoch: event.epoch,
        loss: event.loss,
        ms: event.milliseconds,
        learning_rate: event.learningRate,
        gradient_norm: event.gradientNorm,
        parameter_norm: event.parameterNorm,
      };
    case 'evaluation': {
      const { iteration, epoch, validationLoss, trainedLoss, averagedLoss, parts } = event;
      return {
        ...({ event: 'eval', i: iteration, epoch, val_loss: validationLoss } as const),
        val_loss_margin: margin(parts),
        trained_loss: trainedLoss,
        averaged_loss: averagedLoss,
      };
    }
    case 'checkpoint': {
      const { file, epoch, validationLoss, iteration, weights = 'trained', reason, best } = event;
      return {
        event: 'checkpoint',
        path: pathOf(file),
        epoch,
        val_loss: validationLoss,
        i: iteration,
        weights,
        reason,
        best,
      };
    }
    case 'explosion': {
      const { iteration, loss, action } = event;
      return { event: 'explosion', i: iteration, loss, kind: explosionKindOf(event), action };
    }
    case 'rollback':
    case 'state':
    case 'log':
      return undefined;
  }
}
