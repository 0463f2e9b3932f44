import type { Run, Sample } from '../../shared/domain/run.ts';

/** A short excerpt of a model's text, on one line. */
export interface Excerpt {
  /** Its opening words; may be empty. */
  readonly primeText: string;
  readonly text: string;
}

/**
 * The best impression of a model's writing: the start of the sample with the lowest validation loss, in whole words.
 * @param length maximum number of symbols
 */
export function excerptOf(samples: readonly Sample[], length: number): Excerpt | null {
  const [first, ...others] = samples;
  if (first === undefined) return null;
  const best = others.reduce((lowest, each) => (lossOf(each) <= lossOf(lowest) ? each : lowest), first);
  const primeText = onOneLine(best.primeText).trimStart();
  // Without opening words a sample may start inside a word.
  const written = primeText === '' ? best.text.replace(/^\p{L}*\s+(?=\S)/u, '') : best.text;
  const text = wholeWords(onOneLine(written), length - primeText.length);
  return text.trim() === '' ? null : { primeText, text };
}

/** Why a run has no sample. */
export function noSampleReason({ checkpoints, origin }: Pick<Run, 'checkpoints' | 'origin'>): string {
  if (origin !== null) return 'No sample: the model was trained by another program.';
  if (checkpoints === 0) return 'No sample: the first one is written at the first checkpoint.';
  return 'No sample: it was trained without samples, for example on the command line.';
}

function lossOf({ validationLoss }: Sample): number {
  return validationLoss ?? Infinity;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/gu, ' ');
}

function wholeWords(text: string, length: number): string {
  const symbols = Array.from(text);
  if (symbols.length <= length) return text;
  const cut = symbols.slice(0, Math.max(1, length)).join('');
  const end = cut.lastIndexOf(' ');
  // Scripts without spaces are cut anywhere.
  return `${(end > cut.length / 2 ? cut.slice(0, end) : cut).trimEnd()}…`;
}
