import {
  betterWeights,
  type CheckpointEvent,
  type EvaluationEvent,
  type RunEvent,
  type StateEvent,
} from '../domain/run-event.ts';
import { formatCount, formatEpoch, formatLoss } from './numbers.ts';

/** What the reporter of an event adds to it. */
export interface SentenceContext {
  /** How a checkpoint's file is called in sentences; its bare name unless given. */
  readonly pathOf?: (file: string) => string;
  /** For an evaluation: the training loss at that time. */
  readonly trainingLoss?: number;
}

/** What happened, for a run's log and for display: a sentence without capital letter and full stop. */
export function sentenceOf(event: RunEvent, context: SentenceContext = {}): string {
  switch (event.kind) {
    case 'step':
      return `${momentOf(event)}: loss ${lossWords(event.loss)}`;
    case 'evaluation':
      return evaluationSentence(event, context);
    case 'checkpoint':
      return checkpointSentence(event, context);
    case 'explosion': {
      const what =
        event.loss === null
          ? 'the loss is no longer a number'
          : `the loss exploded to ${formatLoss(event.loss)}`;
      const then =
        event.action === 'stop'
          ? 'stopping'
          : 'returning to the last good checkpoint with half the learning rate';
      return `${what} at iteration ${formatCount(event.iteration)}: ${then}`;
    }
    case 'rollback':
      return `returned to iteration ${formatCount(event.iteration)} with half the learning rate`;
    case 'state':
      return stateSentence(event);
    case 'log':
      return event.line;
  }
}

function evaluationSentence(event: EvaluationEvent, { trainingLoss }: SentenceContext): string {
  const loss = trainingLoss === undefined ? '' : `loss ${formatLoss(trainingLoss)}, `;
  return (
    `epoch ${formatEpoch(event.epoch)}, iteration ${formatCount(event.iteration)}: ` +
    `${loss}validation loss ${lossWords(event.validationLoss)}${bothWords(event)}`
  );
}

/** The other of two measurements: " (averaged weights; trained 1.5012)". */
function bothWords({ trainedLoss, averagedLoss }: EvaluationEvent): string {
  if (trainedLoss === undefined || averagedLoss === undefined) return '';
  return betterWeights({ trainedLoss, averagedLoss }) === 'averaged'
    ? ` (averaged weights; trained ${lossWords(trainedLoss)})`
    : ` (trained weights; averaged ${lossWords(averagedLoss)})`;
}

function checkpointSentence(event: CheckpointEvent, { pathOf }: SentenceContext): string {
  const path = pathOf?.(event.file) ?? event.file;
  return `${momentOf(event)}: validation loss ${lossWords(event.validationLoss)}, kept ${path}`;
}

function stateSentence({ state, iteration, session, reason }: StateEvent): string {
  if (state === 'paused') return reason === undefined ? 'paused' : `paused: ${reason}`;
  if (state !== 'running') {
    const why = reason === undefined ? '' : `: ${reason}`;
    // The log has always used this word, and programs that read logs may rely on it.
    const end = state === 'suspended' ? 'abandoned' : state;
    return `${end} at iteration ${formatCount(iteration)}${why}`;
  }
  if (session === undefined) return 'continued';
  const iterations = formatCount(session.iterations);
  return session.isResumed
    ? `resumed after iteration ${formatCount(iteration)} of ${iterations} on ${session.device}`
    : `started on ${session.text}: ${iterations} iterations on ${session.device}`;
}

function momentOf({ iteration, epoch }: { readonly iteration: number; readonly epoch: number }): string {
  return `iteration ${formatCount(iteration)} (epoch ${formatEpoch(epoch)})`;
}

function lossWords(loss: number | null): string {
  return formatLoss(loss ?? Number.NaN);
}
