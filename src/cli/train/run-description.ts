import type { SessionStart } from '../../node/session/session-types.ts';
import { formatDuration } from '../../shared/format/durations.ts';
import {
  formatBytes,
  formatCount,
  formatLoss,
  plannedEpochsInWords,
  formatQuantity,
} from '../../shared/format/numbers.ts';
import { recipeSentence } from '../../shared/format/recipe-sentence.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { verdictLines } from '../verdict.ts';
import { keptWords, type RunEnd } from './reporter.ts';

/** What is known when a run starts or resumes, as names and values for a table. */
export function describeStart(
  { folder, isResumed, iteration, record, plan, encoding, parameters, memoryBytes }: SessionStart,
  textTitle: string,
): readonly (readonly [string, string])[] {
  const { chunks, iterations, iterationsPerEpoch } = plan;
  const { model, numLayers, rnnSize, vocabularySize } = record.spec;
  const from = isResumed ? `, resuming after iteration ${formatCount(iteration)}` : '';
  const characters = formatQuantity(plan.input.characters, 'character');
  return [
    ['text', `${textTitle}: ${characters} (${encoding.encoding})`],
    ['symbols', `${formatQuantity(vocabularySize, 'different symbol')}`],
    [
      'chunks',
      `${formatCount(chunks.train)} for training, ${formatCount(chunks.validation)} for validation` +
        (chunks.test > 0 ? `, ${formatCount(chunks.test)} for testing` : ''),
    ],
    ['model', `${model} ${numLayers}x${rnnSize}, ${formatQuantity(parameters, 'parameter')}`],
    [
      'plan',
      `${formatQuantity(iterations, 'iteration')} (${plannedEpochsInWords(plan)}), ${formatCount(iterationsPerEpoch)} per epoch${from}`,
    ],
    ['recipe', recipeSentence(record.settings)],
    ['device', `${record.backend.device}; ${formatBytes(memoryBytes)} of memory for the model`],
    ['run', folder],
  ];
}

/** How a session ended and what can be done next, as lines. */
export function describeEnd(end: RunEnd, milliseconds: number): readonly string[] {
  const heading = {
    finished: `${end.verdict.kind === 'ended-early' ? 'Ended early' : 'Finished'} in ${formatDuration(milliseconds)}.`,
    stopped: `Stopped after iteration ${formatCount(end.iteration)}${end.isSaved ? '; everything is saved' : ''}.`,
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
      ? [`  Resume it:      ${suggestedCommand(['train', '--resume', end.runArgument])}`]
      : [];
  return [heading, ...verdictLines(end.verdict), ...best, ...goOn];
}
