/** The optimisers: what each keeps between steps. Checkpoints, forecasts and all backends are made from this table. */
export const optimizerKinds = ['rmsprop', 'adam', 'muon'] as const;
export type OptimizerKind = (typeof optimizerKinds)[number];

/** A number that every step needs and that follows from the iteration alone, so it is not stored. */
export interface StepScalar {
  readonly name: string;
  /** Its value in an iteration, counted from 1. */
  at(iteration: number): number;
}

/** One way of turning gradients into parameter updates. */
export interface OptimizerDescription {
  readonly title: string;
  /** For each slot it keeps one tensor per parameter, in that parameter's shape, stored as `optimizer.<slot>.<parameter>` and zero at first. */
  readonly slots: readonly string[];
  readonly scalars: readonly StepScalar[];
}

/**
 * What Muon multiplies the learning rate by for hidden matrices, whose directions have singular values near 1; the rest is updated as by Adam with
 * the learning rate itself. From the trials in docs/recipes.md: 0.02 with a learning rate of 0.004.
 */
export const muonRateRatio = 5;

export const optimizers: Readonly<Record<OptimizerKind, OptimizerDescription>> = {
  // m: the running mean of squares.
  rmsprop: { title: 'RMSProp', slots: ['m'], scalars: [] },
  // m: the running mean; v: the running mean of squares. Both start at zero and are corrected for it.
  adam: {
    title: 'Adam',
    slots: ['m', 'v'],
    scalars: [
      { name: 'meanCorrection', at: (iteration) => 1 - 0.9 ** iteration },
      { name: 'squareCorrection', at: (iteration) => 1 - 0.999 ** iteration },
    ],
  },
  // m: the momentum; v: the running mean of squares, for parameters that are not hidden matrices and are updated as by Adam.
  muon: {
    title: 'Muon',
    slots: ['m', 'v'],
    scalars: [
      { name: 'meanCorrection', at: (iteration) => 1 - 0.95 ** iteration },
      { name: 'squareCorrection', at: (iteration) => 1 - 0.99 ** iteration },
    ],
  },
};

/** Every slot that some optimiser keeps. */
export const optimizerSlots: readonly string[] = [
  ...new Set(Object.values(optimizers).flatMap(({ slots }) => slots)),
];

/** Every scalar that some optimiser needs. */
export const optimizerScalars: readonly string[] = [
  ...new Set(Object.values(optimizers).flatMap(({ scalars }) => scalars.map(({ name }) => name))),
];
