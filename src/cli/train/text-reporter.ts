import { withAdvice, type Advice } from '../../shared/advice.ts';
import { adviceForCommandLine } from '../advice.ts';
import type { SessionStart } from '../../node/session/session-types.ts';
import type { EvaluationEvent, RunEvent, StateEvent, StepEvent } from '../../shared/domain/run-event.ts';
import type { VocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import { vocabularySentence } from '../../shared/format/vocabulary-sentence.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import { unknownLines } from '../unknown-characters.ts';
import { sentenceOf } from '../../shared/format/run-event-sentence.ts';
import { evaluationsLeft } from '../../shared/planning/evaluations.ts';
import type { Output } from '../output.ts';
import { warningLines } from '../plan-fix.ts';
import { progressBar, progressLine, type RunStatus } from './progress-bar.ts';
import { readingStatus } from './reading-status.ts';
import type { RunEnd, TrainReporter } from './reporter.ts';
import { RunClock } from './run-clock.ts';
import { describeEnd, describeStart } from './run-description.ts';

/** Milliseconds between two redraws in a terminal, and between two lines in a log. */
const redrawIntervalMs = 100;
const logIntervalMs = 10_000;

/** Reports as text: a progress bar that is redrawn in a terminal, an occasional line in a log. */
export class TextReporter implements TrainReporter {
  readonly #output: Output;
  readonly #textTitle: string;
  #start: SessionStart | undefined;
  #clock = new RunClock(1);
  #begun = 0;
  #lastShown = -Infinity;
  #evaluationBegun: number | undefined;
  /** True while the last line of the terminal is the progress bar. */
  #barShown = false;
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
    this.#print(vocabularySentence(use));
    for (const line of unknownLines(unknown)) this.#print(`  ${line}`);
  }

  onStart(start: SessionStart): void {
    const { plan } = start;
    this.#output.status('');
    this.#start = start;
    this.#clock = new RunClock(plan.input.batchSize * plan.input.sequenceLength);
    this.#begun = performance.now();
    for (const [name, value] of describeStart(start, this.#textTitle)) {
      this.#output.line(`${name.padEnd(10)}${value}`);
    }
    this.#output.line();
    for (const line of warningLines(plan.warnings)) this.#print(line);
  }

  onEvent(event: RunEvent): void {
    switch (event.kind) {
      case 'step':
        return this.#showStep(event);
      case 'evaluation':
        return this.#showEvaluation(event);
      case 'checkpoint':
        return this.#print(`  kept ${event.file}${event.best ? '  (best so far)' : ''}`);
      case 'explosion':
        return this.#print(asSentence(sentenceOf(event)));
      case 'state':
        return this.#showState(event);
      case 'rollback':
      case 'log':
        // An explosion event includes what follows.
        return;
    }
  }

  onEvaluationProgress(fraction: number): void {
    this.#evaluationBegun ??= performance.now();
    if (this.#output.interactive)
      this.#draw(`measuring the validation loss ... ${Math.floor(fraction * 100)} %`);
  }

  onNotice(message: string, advice?: Advice): void {
    this.#output.status('');
    this.#print(withAdvice(message, advice, adviceForCommandLine));
  }

  stopping(): void {
    this.#print(
      'Stopping: finishing this step, saving and measuring. Press Ctrl-C again to skip the measurement; what was learned is saved either way.',
    );
  }

  done(end: RunEnd): void {
    this.#clearBar();
    this.#output.line();
    for (const line of describeEnd(end, performance.now() - this.#begun)) this.#output.line(line);
  }

  #showStep(step: StepEvent): void {
    this.#clock.addStep(step.loss, step.milliseconds);
    const now = performance.now();
    if (now - this.#lastShown < (this.#output.interactive ? redrawIntervalMs : logIntervalMs)) return;
    this.#lastShown = now;
    const status = this.#status(step);
    if (this.#output.interactive) this.#draw(progressBar(status, this.#output.columns));
    else this.#output.line(progressLine(status));
  }

  #showEvaluation(event: EvaluationEvent): void {
    if (this.#evaluationBegun !== undefined)
      this.#clock.addEvaluation(performance.now() - this.#evaluationBegun);
    this.#evaluationBegun = undefined;
    this.#print(sentenceOf(event, { trainingLoss: this.#clock.loss }));
  }

  /** The start and end of a session are described in detail elsewhere. */
  #showState({ state, reason }: StateEvent): void {
    if (state === 'paused' && reason !== undefined) {
      this.#isHeld = true;
      this.#output.status('');
      this.#print(`${reason} Training then continues automatically; Ctrl-C exits.`);
    } else if (state === 'running' && this.#isHeld) {
      this.#isHeld = false;
      this.#print('Space is free again: training continues.');
    }
  }

  #status({ iteration, epoch }: StepEvent): RunStatus {
    const iterations = this.#start?.plan.iterations ?? iteration;
    const evaluateEvery = this.#start?.record.settings.evaluateEvery ?? 1;
    const evaluations = evaluationsLeft({ iteration, iterations, evaluateEvery });
    return {
      iteration,
      iterations,
      epoch,
      iterationsPerEpoch: this.#start?.plan.iterationsPerEpoch ?? 0,
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

function asSentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
