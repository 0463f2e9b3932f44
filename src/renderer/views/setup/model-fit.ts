import { formatEpoch, formatLoss } from '../../../shared/format/numbers.ts';
import { weightsRemark } from '../../../shared/format/used-weights.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import { vocabularyMismatch, type VocabularyMismatch } from '../../../shared/domain/symbol-fit.ts';
import type { ModelDescription } from '../../../shared/domain/checkpoint.ts';
import type { TextReport } from '../../../shared/domain/text.ts';
import type { KnownModel } from '../../stores/models.ts';
import { describeModel } from './words.ts';

/** "Alice, epoch 7.06, validation loss 1.9564". */
export function describeBeginning({ title, epoch, validationLoss, weights }: ModelDescription): string {
  return `${title}, epoch ${formatEpoch(epoch)}, validation loss ${formatLoss(validationLoss)}${weightsRemark(weights)}`;
}

/** What lists can show beside a model's name before its file is read: its shape, and whether it clearly has other symbols. */
export function remarkOn(
  { spec, symbols }: KnownModel,
  text: { readonly symbols: RunSettings['symbols']; readonly vocabularySize: number | null },
): string {
  if (spec === null) return '';
  const isOther =
    (symbols !== null && symbols !== text.symbols) ||
    (text.vocabularySize !== null && spec.vocabularySize !== text.vocabularySize);
  return `: ${describeModel(spec)}${isOther ? ', different symbols than this text' : ''}`;
}

/** Why a model cannot continue with a text as it is read now; null if it can. */
export function findMismatch(
  model: ModelDescription,
  vocabulary: TextReport['vocabulary'],
  symbols: RunSettings['symbols'],
): VocabularyMismatch | null {
  const text = { symbols, vocabulary: vocabulary.map(({ code }) => String.fromCodePoint(code)) };
  return vocabularyMismatch(text, model);
}
