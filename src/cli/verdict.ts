import type { RunVerdict } from '../runs/verdict.ts';
import { adviceForCommandLine } from './advice.ts';
import type { VerdictResult } from './json-output.ts';

/** A verdict as `--json` prints it. */
export function verdictAsJson({ kind, sentence, advice, since }: RunVerdict): VerdictResult {
  return { kind, sentence, advice: inWords(advice), since_epoch: since };
}

/** A verdict as lines for a person. */
export function verdictLines({ sentence, advice }: RunVerdict): readonly string[] {
  const words = inWords(advice);
  return words === null ? [sentence] : [sentence, words];
}

function inWords(advice: RunVerdict['advice']): string | null {
  return typeof advice === 'object' && advice !== null ? adviceForCommandLine(advice) : advice;
}
