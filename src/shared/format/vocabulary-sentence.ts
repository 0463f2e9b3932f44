import type { VocabularyUse } from '../domain/vocabulary-use.ts';
import { assertNever } from '../errors.ts';
import { formatCount, formatQuantity, formatShare } from './numbers.ts';

/** "The run keeps the checkpoint’s 65 symbols. 214 places of the text have others: they are replaced with the nearest known ones; ..." */
export function vocabularySentence(use: VocabularyUse): string {
  const { choice, known, added } = use;
  switch (choice) {
    case 'keep':
      return `The run keeps the checkpoint’s ${formatQuantity(known, 'symbol')}. ${keptWords(use)}`;
    case 'widen':
      return added === 0
        ? `The run uses the checkpoint’s ${formatQuantity(known, 'symbol')}. The text has no others.`
        : `The run has the checkpoint’s ${formatQuantity(known, 'symbol')} and ${formatQuantity(added, 'new one')} of the text, ${formatCount(known + added)} in total.`;
    default:
      return assertNever(choice);
  }
}

function keptWords({ replaced, leftOut, characters }: VocabularyUse): string {
  if (replaced === 0 && leftOut === 0) return 'The text has no others.';
  const parts = [
    ...(replaced > 0
      ? [`at ${formatQuantity(replaced, 'place')} unknown symbols are replaced with the nearest known ones`]
      : []),
    ...(leftOut > 0 ? [`${formatQuantity(leftOut, 'symbol')} ${wasLeftOut(leftOut, characters)}`] : []),
  ];
  return `In the text ${parts.join(', and ')}.`;
}

function wasLeftOut(leftOut: number, read: number): string {
  const share = leftOut / (leftOut + read);
  const words = share < 0.001 ? 'less than 0.1 %' : formatShare(share);
  return `${leftOut === 1 ? 'is' : 'are'} left out (${words})`;
}
