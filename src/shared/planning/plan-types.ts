/** How a text of N symbols is split (char-rnn's CharSplitLMMinibatchLoader; the rules are in plan.ts). */
export interface ChunkCounts {
  readonly total: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export type PlanWarningCode =
  | 'no-chunks'
  | 'no-training-chunk'
  | 'no-validation-chunk'
  | 'very-few-chunks'
  | 'few-chunks'
  | 'unused-share'
  | 'thin-validation'
  | 'bad-fraction';

/** Settings that resolve a warning, ready to be applied. */
export interface PlanFix {
  readonly batchSize?: number;
  readonly sequenceLength?: number;
  readonly trainFraction?: number;
  readonly validationFraction?: number;
}

export interface PlanWarning {
  readonly code: PlanWarningCode;
  /** A blocking problem stops a run before it starts. */
  readonly blocking: boolean;
  /** One sentence with the numbers. */
  readonly message: string;
  /** Null if no setting would help (an empty text). */
  readonly fix: PlanFix | null;
}

export interface PlanInput {
  /** N, symbols in the text. */
  readonly characters: number;
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly trainFraction: number;
  readonly validationFraction: number;
  readonly maxEpochs: number;
  /** 0 for no limit. */
  readonly maxIterations: number;
}

export interface ChunkPlan {
  readonly input: PlanInput;
  readonly chunks: ChunkCounts;
  /** Symbols cut from the end: N mod (B*S), or all N when there is no chunk. */
  readonly dropped: number;
  /** Training chunks: one epoch reads each once. */
  readonly iterationsPerEpoch: number;
  /** Iterations of the whole run. */
  readonly iterations: number;
  readonly warnings: readonly PlanWarning[];
}
