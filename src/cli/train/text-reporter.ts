import type { EvaluationReport, ExplosionReport, StepReport } from '../../engine/training/training-hooks.ts';
import { formatDuration } from '../../shared/format/durations.ts';
import {
  formatBytes,
  formatCount,
  formatEpoch,
  formatLoss,
  formatQuantity,
} from '../../shared/format/numbers.ts';
import type { Output } from '../output.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { progressBar, progressLine, type RunStatus } from './progress-bar.ts';
import {
  keptWords,
  type RunEnd,
  type RunStart,
  type SavedCheckpoint,
  type TrainReporter,
} from './reporter.ts';
import { RunClock } from './run-clock.ts';
import { verdictLines } from '../verdict.ts';

/** Milliseconds between two redraws in a terminal, and between two lines in a log. */
const redrawEvery = 100;
const logEvery = 10_000;

/** For people: a bar that redraws itself in a terminal, a line now and then in a log. */
export class TextReporter implements TrainReporter {
  readonly #output: Output;
  #start: RunStart | undefined;
  #clock = new RunClock(1);
  #begun = 0;
  #lastShown = -Infinity;
  #evaluationBegun: number | undefined;
  /** True while the last line of the terminal is the bar. */
  #barShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  start(start: RunStart): void {
    this.#start = start;
    this.#clock = new RunClock(start.symbolsPerStep);
    this.#begun = performance.now();
    for (const [name, value] of describeStart(start)) this.#output.line(`${name.padEnd(10)}${value}`);
    this.#output.line();
  }

  step(report: StepReport): void {
    this.#clock.addStep(report.loss, report.milliseconds);
    const now = performance.now();
    if (now - this.#lastShown < (this.#output.interactive ? redrawEvery : logEvery)) return;
    this.#lastShown = now;
    const status = this.#status(report);
    if (this.#output.interactive) this.#draw(progressBar(status, this.#output.columns));
    else this.#output.line(progressLine(status));
  }

  evaluating(fraction: number): void {
    this.#evaluationBegun ??= performance.now();
    if (this.#output.interactive)
      this.#draw(`measuring on the validation text ... ${Math.floor(fraction * 100)} %`);
  }

  evaluation(report: EvaluationReport): void {
    if (this.#evaluationBegun !== undefined)
      this.#clock.addEvaluation(performance.now() - this.#evaluationBegun);
    this.#evaluationBegun = undefined;
    this.#print(
      `epoch ${formatEpoch(report.epoch)}, iteration ${formatCount(report.iteration)}: ` +
        `loss ${formatLoss(this.#clock.loss)}, validation loss ${formatLoss(report.validationLoss)}`,
    );
  }

  checkpoint({ path, best }: SavedCheckpoint): void {
    const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    this.#print(`  kept ${name}${best ? '  (best so far)' : ''}`);
  }

  explosion({ kind, iteration, loss, action }: ExplosionReport): void {
    const what =
      kind === 'not-a-number' ? 'The loss is no longer a number' : `The loss exploded to ${formatLoss(loss)}`;
    const then =
      action === 'stop' ? 'stopping' : 'going back to the last good checkpoint with half the learning rate';
    this.#print(`${what} at iteration ${formatCount(iteration)}: ${then}.`);
  }

  notice(message: string): void {
    this.#print(message);
  }

  stopping(): void {
    this.#print('Stopping: finishing this step and saving. Press Ctrl-C again to leave at once.');
  }

  done(end: RunEnd): void {
    this.#clearBar();
    this.#output.line();
    for (const line of describeEnd(end, performance.now() - this.#begun)) this.#output.line(line);
  }

  #status({ iteration, epoch }: StepReport): RunStatus {
    const { iterations, evaluateEvery } = this.#start ?? { iterations: iteration, evaluateEvery: 1 };
    const evaluations = Math.ceil(iterations / evaluateEvery) - Math.floor(iteration / evaluateEvery);
    return {
      iteration,
      iterations,
      epoch,
      loss: this.#clock.loss,
      charactersPerSecond: this.#clock.charactersPerSecond,
      remaining: this.#clock.remaining(iterations - iteration, evaluations),
    };
  }

  #draw(line: string): void {
    this.#output.redraw(line);
    this.#barShown = true;
  }

  #print(line: string): void {
    this.#clearBar();
    this.#output.line(line);
  }

  #clearBar(): void {
    if (this.#barShown) this.#output.redraw('');
    this.#barShown = false;
  }
}

function describeStart(start: RunStart): readonly (readonly [string, string])[] {
  const { chunks } = start;
  const from = start.resumed ? `, going on after iteration ${formatCount(start.iteration)}` : '';
  return [
    ['text', `${start.text}: ${formatQuantity(start.characters, 'character')} (${start.encoding})`],
    ['symbols', `${formatQuantity(start.vocabularySize, 'different symbol')}`],
    [
      'chunks',
      `${formatCount(chunks.train)} to learn from, ${formatCount(chunks.validation)} to measure with` +
        (chunks.test > 0 ? `, ${formatCount(chunks.test)} for a later test` : ''),
    ],
    ['model', `${start.model}, ${formatQuantity(start.parameters, 'parameter')}`],
    [
      'plan',
      `${formatQuantity(start.iterations, 'iteration')}, ${formatCount(start.iterationsPerEpoch)} per epoch${from}`,
    ],
    ['device', `${start.device}; ${formatBytes(start.memoryBytes)} of memory for the model`],
    ['run', start.run],
  ];
}

function describeEnd(end: RunEnd, milliseconds: number): readonly string[] {
  const heading = {
    finished: `Finished in ${formatDuration(milliseconds)}.`,
    stopped: `Stopped after iteration ${formatCount(end.iteration)}; everything is saved.`,
    exploded: `The run stopped at iteration ${formatCount(end.iteration)} because the loss exploded; ${keptWords(end.best !== null)}.`,
  }[end.end];
  const best =
    end.best === null
      ? []
      : [
          `Best checkpoint: ${end.best.path} (validation loss ${formatLoss(end.best.validationLoss)})`,
          `  Write with it:  ${suggestedCommand(['sample', end.runArgument])}`,
        ];
  const goOn =
    end.end === 'stopped'
      ? [`  Go on later:    ${suggestedCommand(['train', '--resume', end.runArgument])}`]
      : [];
  return [heading, ...verdictLines(end.verdict), ...best, ...goOn];
}
