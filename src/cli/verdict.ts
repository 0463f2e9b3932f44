import type { RunVerdict } from '../runs/verdict.ts';
import { inWords } from '../shared/advice.ts';
import { adviceForCommandLine } from './advice.ts';
import type { VerdictResult } from './json-output.ts';

/** A verdict as `--json` prints it. */
export function verdictAsJson({ kind, sentence, advice, since }: RunVerdict): VerdictResult {
  return { kind, sentence, advice: inWords(advice, adviceForCommandLine), since_epoch: since };
}

/** A verdict as lines of text. */
export function verdictLines({ sentence, advice }: RunVerdict): readonly string[] {
  const words = inWords(advice, adviceForCommandLine);
  return words === null ? [sentence] : [sentence, words];
}
