import type { EvaluationReport, ExplosionReport, StepReport } from '../../engine/training/training-hooks.ts';
import { margin } from '../../runs/chance.ts';
import type { TrainEvent } from '../json-output.ts';
import type { Output } from '../output.ts';
import { verdictAsJson } from '../verdict.ts';
import type { RunEnd, RunStart, SavedCheckpoint, TrainReporter } from './reporter.ts';

/** One line of JSON per event (src/cli/json-output.ts). */
export class JsonReporter implements TrainReporter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  start(start: RunStart): void {
    this.#emit({
      event: 'start',
      run: start.run,
      resumed: start.resumed,
      i: start.iteration,
      iterations: start.iterations,
      iterations_per_epoch: start.iterationsPerEpoch,
      characters: start.characters,
      vocabulary_size: start.vocabularySize,
      parameters: start.parameters,
      device: start.device,
      threads: start.threads,
    });
  }

  step(report: StepReport): void {
    this.#emit({
      event: 'step',
      i: report.iteration,
      epoch: report.epoch,
      loss: report.loss,
      ms: report.milliseconds,
      learning_rate: report.learningRate,
      gradient_norm: report.gradientNorm,
      parameter_norm: report.parameterNorm,
    });
  }

  evaluating(): void {}

  evaluation({ iteration, epoch, validationLoss, parts }: EvaluationReport): void {
    const range = margin(parts);
    this.#emit({ event: 'eval', i: iteration, epoch, val_loss: validationLoss, val_loss_margin: range });
  }

  checkpoint({ path, epoch, validationLoss, iteration, reason, best }: SavedCheckpoint): void {
    this.#emit({ event: 'checkpoint', path, epoch, val_loss: validationLoss, i: iteration, reason, best });
  }

  explosion({ iteration, loss, kind, action }: ExplosionReport): void {
    this.#emit({ event: 'explosion', i: iteration, loss, kind, action });
  }

  notice(message: string): void {
    this.#emit({ event: 'notice', message });
  }

  stopping(): void {
    this.notice('Stopping after this step.');
  }

  done({ run, end, iteration, best, verdict }: RunEnd): void {
    const path = best?.path ?? null;
    this.#emit({ event: 'done', run, end, i: iteration, best: path, verdict: verdictAsJson(verdict) });
  }

  #emit(event: TrainEvent): void {
    this.#output.event(event);
  }
}
