/** The position of a run and its planned end, in iterations. */
interface Course {
  /** Iterations done; 0 for the whole run. */
  readonly iteration: number;
  readonly iterations: number;
  readonly evaluateEvery: number;
}

/** Evaluations after `iteration`: a run is measured after every `evaluateEvery` iterations and after the last. */
export function evaluationsLeft({ iteration, iterations, evaluateEvery }: Course): number {
  if (iteration >= iterations) return 0;
  return Math.ceil(iterations / evaluateEvery) - Math.floor(iteration / evaluateEvery);
}

/** How often the validation split is read for one evaluation: once more for the averaged weights, where a run has them. */
export function evaluationPasses({ averageDecay }: { readonly averageDecay: number }): number {
  return averageDecay > 0 ? 2 : 1;
}
