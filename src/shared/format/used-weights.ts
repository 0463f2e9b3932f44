import type { WeightKind } from '../domain/training-choices.ts';

/** The weights of a model as events and pages are told of them: nothing where they are the trained ones, as they mostly are. */
export function usedWeights({ weights }: { readonly weights: WeightKind }): {
  readonly weights?: WeightKind;
} {
  return weights === 'trained' ? {} : { weights };
}

/** ", averaged weights" behind the loss of a model that is used with them; nothing behind that of another. */
export function weightsRemark(weights: WeightKind | undefined): string {
  return weights === 'averaged' ? ', averaged weights' : '';
}
