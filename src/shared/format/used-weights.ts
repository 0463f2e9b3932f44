import type { WeightKind } from '../domain/training-choices.ts';

/** The weights of a model in events and pages: omitted for trained weights, the usual case. */
export function usedWeights({ weights }: { readonly weights: WeightKind }): {
  readonly weights?: WeightKind;
} {
  return weights === 'trained' ? {} : { weights };
}

/** ", averaged weights" after the loss of a model that is used with them; otherwise nothing. */
export function weightsRemark(weights: WeightKind | undefined): string {
  return weights === 'averaged' ? ', averaged weights' : '';
}
