import { formatQuantity, formatShare } from '../format/numbers.ts';

/** Shortest passage that counts as copied, in symbols: about five words, which two people rarely write alike by chance. */
export const shortestPassage = 30;

/** How much of a text occurs word for word in another. */
export interface CopiedShare {
  /** 0..1, of its symbols, in passages of `shortestPassage` and more. */
  readonly share: number;
  /** Symbols of the longest passage, 0 when there is none. */
  readonly longest: number;
}

/** Below this share, even twice the author's own repetition is negligible. */
const hardlyAnything = 0.02;

/** Whether a sample copies more than the author of the text. Without a control (no held-out text) the threshold is fixed. */
export function copiesMuch(sample: CopiedShare, control: CopiedShare | null): boolean {
  return sample.share > Math.max(hardlyAnything, 2 * (control?.share ?? 0));
}

/** The result of a comparison as a sentence. */
export function copySentence(sample: CopiedShare, control: CopiedShare | null): string {
  if (sample.share === 0) {
    return `Original: no passage of ${shortestPassage} symbols or more occurs in the training text.`;
  }
  const found = `${percent(sample.share)} of it occurs word for word in the training text, in passages of up to ${formatQuantity(sample.longest, 'symbol')}`;
  if (control === null) return `${found}.`;
  const author = `for the author’s own held-out text it is ${percent(control.share)}`;
  return copiesMuch(sample, control)
    ? `${found}; ${author}. The model has memorised parts of the text: an earlier checkpoint, dropout or a smaller model copies less.`
    : `${found}; ${author}, so the model repeats no more than the author does.`;
}

function percent(share: number): string {
  return share < 0.01 ? 'less than 1 %' : formatShare(share);
}
