import type { RunVerdict } from '../runs/verdict.ts';
import type { VerdictResult } from './json-output.ts';

/** A verdict as `--json` prints it. */
export function verdictAsJson({ kind, sentence, advice, since }: RunVerdict): VerdictResult {
  return { kind, sentence, advice, since_epoch: since };
}

/** A verdict as lines for a person. */
export function verdictLines({ sentence, advice }: RunVerdict): readonly string[] {
  return advice === null ? [sentence] : [sentence, advice];
}
