import type { BackendKind } from '../../shared/domain/backends.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';
import type { ClipKind, WeightKind } from '../../shared/domain/training-choices.ts';

/**
 * The contract between the engine and a backend, which computes. It is coarse on purpose: a backend runs whole training steps, so that it can fuse,
 * pack and thread as it likes. Every backend must give the same numbers up to float32 rounding; test/fixtures contain the golden values.
 */

/** A tensor outside any backend: row-major float32. The data belongs to the holder of the object. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by their canonical names (see shared/domain/model-tensors.ts). */
export type TensorMap = ReadonlyMap<string, TensorData>;

/** Symbol indices [batch * sequence], row b occupying [b*S, (b+1)*S); each in 0..V-1. */
export interface Batch {
  readonly x: Int32Array;
  readonly y: Int32Array;
  /**
   * Where records start, in the order of x: before a symbol with 1 all states are zero, and no gradient crosses. Only networks with `records` read
   * it; if it is missing, no record starts here.
   */
  readonly starts?: Uint8Array;
}

export interface OptimizerSettings {
  readonly kind: OptimizerKind;
  /** RMSProp's smoothing alpha (char-rnn `-decay_rate`, 0.95). Adam uses beta 0.9/0.999, Muon 0.95/0.99, and both ignore it. */
  readonly decayRate: number;
  /**
   * Decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101): before its update every matrix (wx, wh, decoder.w) is multiplied by
   * 1 - learningRate * weightDecay. 0 leaves it out.
   */
  readonly weightDecay: number;
}

/** How the gradient, summed over time, is kept within its bound. */
export interface GradientClip {
  /** element: every element is clamped to [-bound, bound]. norm: the whole is scaled down to length `bound` where it is longer. */
  readonly by: ClipKind;
  readonly bound: number;
}

/** Shapes and constants fixed for a network's life, so that nothing is allocated inside a step. */
export interface NetworkOptions {
  /** B, rows of a batch. */
  readonly batchSize: number;
  /** S, time steps of a batch. */
  readonly sequenceLength: number;
  readonly optimizer: OptimizerSettings;
  readonly clip: GradientClip;
  /** Seed of the dropout and weight-drop masks, a uint32 (see random/dropout.ts for the generator every backend must follow). */
  readonly dropoutSeed: number;
  /**
   * Probability of dropping a recurrent weight (wh of every layer) for one step, forwards and backwards; the others are divided by 1 - weightDrop
   * (Wan et al. 2013; Merity et al. 2018, arXiv 1708.02182). Evaluation and writing use all weights. 0 leaves it out.
   */
  readonly weightDrop: number;
  /** Whether a running average of the weights is kept (`average.*`). */
  readonly averaging: boolean;
  /** Whether batches mark the starts of records (`Batch.starts`). */
  readonly records: boolean;
}

export interface StepOptions {
  /** 1-based iteration: the counter of the dropout generator and of Adam's bias correction. */
  readonly iteration: number;
  readonly learningRate: number;
  /**
   * w in average += w * (parameters - average), done after the update; the loop decides it (training/averaging.ts). A network that keeps no
   * average ignores it; 0, or none given, leaves the average as it is.
   */
  readonly averageWeight?: number;
}

export interface StepResult {
  /** Mean cross entropy in nats per symbol, over batch and time. */
  readonly loss: number;
  /** L2 norm of all gradients after the clip. */
  readonly gradientNorm: number;
  /** L2 norm of all parameters after the update. */
  readonly parameterNorm: number;
}

/**
 * A trainable network. Everything is asynchronous, because a backend may compute in another place; a promise rejects with the error. Up to
 * `stepsInFlight` steps may overlap, and as many evaluations of one pass: any other request, or disposal, must wait until they are done.
 */
export interface TrainingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  /** Bytes this network holds, all buffers included. */
  readonly memoryBytes: number;
  /**
   * How many steps, or evaluations, may be under way at the same time, at least 1. More than this backend benefits from are not worth their delay.
   */
  readonly stepsInFlight: number;

  /**
   * One step of stateful truncated backpropagation: forward from the carried training state, gradient of the mean over
   * batch SUMMED over time, clip, optimiser update, average; the final state becomes the next initial state.
   * When the loss is not finite the parameters are still updated as char-rnn would; the caller decides what to do.
   *
   * The batch has been read when the call returns, so its arrays may be used again before the promise settles. Steps are computed in the
   * order of the calls; their promises may settle in any.
   */
  trainStep(batch: Batch, options: StepOptions): Promise<StepResult>;

  /**
   * Loss of one chunk with dropout off, carrying a separate state that training never sees. The batch has been read when the call returns, and the
   * next chunk may be started before the promise settles: chunks are computed in the order of the calls. Call resetEvaluation() before the first
   * chunk of a pass.
   */
  evaluate(batch: Batch): Promise<number>;
  /**
   * Starts a pass of evaluations: from zero state, with the current parameters (by default) or their average. No training step may come between the
   * chunks of one pass. Rejects if the average is requested but not kept.
   */
  resetEvaluation(weights?: WeightKind): Promise<void>;

  /** Copies of parameters, optimiser memory, average and training state under their canonical names. */
  exportTensors(): Promise<TensorMap>;
  /**
   * Replaces the named tensors; they have been read when the promise settles. Parameters must be complete; optimiser memory, average
   * and state are each optional as a group and become zero when absent. Rejects with CharloomError('incompatible') on a missing, misshapen or unknown name.
   */
  importTensors(tensors: TensorMap): Promise<void>;
  /** Gradients of the last trainStep BEFORE the clip, under the parameters' names. For verification only. */
  exportGradients(): Promise<TensorMap>;

  dispose(): void;
}

/**
 * A network that writes, one symbol at a time, with dropout off. It is always the embedded backend's, wherever the model was trained: a step is too
 * small for anything with a round trip.
 */
export interface SamplingNetwork {
  readonly spec: ModelSpec;
  /** Replaces the parameters, which must be complete. Throws CharloomError('incompatible') on a missing, misshapen or unknown name. */
  importTensors(parameters: TensorMap): void;
  /** Feeds one symbol and returns the logits of the next, [V]. The array is reused by the next call. */
  sampleStep(symbol: number): Float32Array;
  /** The state as one flat array (layer by layer the cell's states, h first), for branching; zeros after resetSampling(). */
  readSamplingState(): Float32Array;
  writeSamplingState(state: Float32Array): void;
  resetSampling(): void;
  dispose(): void;
}

export interface BackendInfo {
  readonly name: BackendKind;
  /** A description for people: "CPU, 2 threads, relaxed SIMD", "NVIDIA H100". */
  readonly device: string;
  readonly threads: number;
  /** The exact arithmetic in use; results are bit-identical only within one variant. */
  readonly variant: string;
}

export interface Backend {
  readonly info: BackendInfo;
  /** The same for one model: where a backend computes models in different ways, its variant names the way. */
  infoFor(spec: ModelSpec): Promise<BackendInfo>;
  /**
   * Makes a network whose parameters, optimiser memory and states are all zero.
   * Rejects with CharloomError('bad-setting') when the memory cannot hold it.
   */
  createNetwork(spec: ModelSpec, options: NetworkOptions): Promise<TrainingNetwork>;
  dispose(): void;
}

/**
 * A network that is watched while it reads, several places of a text side by side, with dropout off: a matrix product serves all rows, so a symbol costs a
 * fraction of a sampling step. Always the embedded backend's.
 */
export interface ReadingNetwork {
  readonly spec: ModelSpec;
  readonly rows: number;
  /** Symbols of each row in one go. */
  readonly columns: number;
  /** As SamplingNetwork's. */
  importTensors(parameters: TensorMap): void;
  /** Lets each row start from a state, as readSamplingState gives it. */
  reset(startOf: (row: number) => Float32Array): void;
  /** Reads the next columns of every row, in a batch's order; states are carried on. Each target's loss is known then. */
  read(batch: Batch): void;
  /** -log P of a target that was read last, nats. */
  lossAt(row: number, column: number): number;
  /** The state after a symbol that was read last, as readSamplingState gives it, written into `into`. */
  readState(row: number, column: number, into: Float32Array): void;
  dispose(): void;
}

/** The backend that writes as well. */
export interface EmbeddedBackend extends Backend {
  /** Makes a network whose parameters and states are zero. */
  createReadingNetwork(spec: ModelSpec, rows: number, columns: number): ReadingNetwork;
  /** Makes a network whose parameters and state are zero. */
  createSamplingNetwork(spec: ModelSpec): SamplingNetwork;
}
