import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import { formatCount } from '../../../shared/format/numbers.ts';

/** A summary of folded settings; settings that are off are omitted. */
export function controlsSummary(settings: SampleSettings): string {
  const { length, count, seed, topK, topP, minP, repetitionGuard } = settings;
  const parts = [
    `Length ${formatCount(length)}`,
    ...(count > 1 ? [`${formatCount(count)} texts`] : []),
    `seed ${seed}`,
    ...(settings.greedy ? ['greedy'] : []),
    ...(topK > 0 ? [`likeliest ${topK}`] : []),
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(minP > 0 ? [`min-p ${minP}`] : []),
    ...(repetitionGuard > 0 ? [`repetition guard ${repetitionGuard}`] : []),
    ...(settings.greedyInWords ? ['greedy inside words'] : []),
    ...(settings.stopAtLineEnd ? ['one line'] : []),
  ];
  return `${parts.join(', ')} and more`;
}
