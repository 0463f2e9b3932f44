import type { RunDetail } from '../../../shared/domain/run.ts';
import type { Baseline } from '../../charts/curve.ts';

/** What counting alone would score, as lines of a chart. */
export function baselinesOf(baselines: RunDetail['baselines']): readonly Baseline[] {
  if (baselines === null) return [];
  const about = baselines.isEstimate ? ' (about)' : '';
  const lines = [
    { label: `blind guessing${about}`, y: baselines.uniform },
    { label: `counting single letters${about}`, y: baselines.unigram },
    { label: `counting pairs${about}`, y: baselines.bigram },
    { label: `counting triples${about}`, y: baselines.trigram },
  ];
  return lines.flatMap(({ label, y }) => (y === null ? [] : [{ label, y }]));
}
