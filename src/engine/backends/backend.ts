import type { BackendKind } from '../../shared/domain/backends.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';
import type { ClipKind, WeightKind } from '../../shared/domain/training-choices.ts';

/**
 * The contract between the engine and a backend. It is coarse on purpose: a backend runs whole training steps, so that it can fuse, pack and thread
 * as it likes. Every backend must give the same numbers up to float32 rounding; test/fixtures contains the golden values.
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
   * 1 where a record starts, in the order of x: before that symbol all states are zero, and no gradient crosses. Read only by networks with
   * `records`; if absent, no record starts in this batch.
   */
  readonly starts?: Uint8Array;
}

export interface OptimizerSettings {
  readonly kind: OptimizerKind;
  /** RMSProp's smoothing alpha (char-rnn `-decay_rate`, 0.95). Adam uses beta 0.9/0.999, Muon 0.95/0.99, and both ignore it. */
  readonly decayRate: number;
  /**
   * Decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101): before its update every matrix (wx, wh, decoder.w) is multiplied by
   * 1 - learningRate * weightDecay. 0 disables it.
   */
  readonly weightDecay: number;
}

/** How the gradient, summed over time, is clipped. */
export interface GradientClip {
  /** element: every element is clamped to [-bound, bound]. norm: the whole gradient is scaled down to norm `bound` if its norm is larger. */
  readonly by: ClipKind;
  readonly bound: number;
}

/** Shapes and constants fixed for a network's lifetime, so that nothing is allocated inside a step. */
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
   * (Wan et al. 2013; Merity et al. 2018, arXiv 1708.02182). Evaluation and writing use all weights. 0 disables it.
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
   * w in average += w * (parameters - average), applied after the update; the training loop chooses it (training/averaging.ts). A network that keeps
   * no average ignores it; 0 or undefined leaves the average unchanged.
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
 * A trainable network. Everything is asynchronous, because a backend may compute in another process or on another device; a failure rejects the
 * promise. Up to `stepsInFlight` steps, or evaluations of one pass, may overlap; any other request, and disposal, must wait until they are done.
 */
export interface TrainingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  /** Memory of this network in bytes, all buffers included. */
  readonly memoryBytes: number;
  /** How many steps, or evaluations, may be in flight at the same time, at least 1. More would only add delay on this backend. */
  readonly stepsInFlight: number;

  /**
   * One step of stateful truncated backpropagation: forward from the carried training state, gradient of the mean over
   * batch SUMMED over time, clip, optimiser update, average; the final state becomes the next initial state.
   * When the loss is not finite the parameters are still updated as char-rnn would; the caller decides what to do.
   *
   * The batch has been read when the call returns, so its arrays may be reused before the promise settles. Steps are computed in the order of the
   * calls; their promises may settle in any order.
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
 * A network that writes, one symbol at a time, with dropout off. It is always the embedded backend's, whichever backend trained the model: a step is
 * too small to be worth a round trip.
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
   * Makes a network whose parameters, optimiser memory and states are all zero. Rejects with CharloomError('bad-setting') when it does not fit into
   * memory.
   */
  createNetwork(spec: ModelSpec, options: NetworkOptions): Promise<TrainingNetwork>;
  dispose(): void;
}

/**
 * A network that reads several passages of a text side by side, with dropout off, and exposes its losses and states: one matrix product serves all
 * rows, so a symbol costs a fraction of a sampling step. Always the embedded backend's.
 */
export interface ReadingNetwork {
  readonly spec: ModelSpec;
  readonly rows: number;
  /** Symbols of each row in one read(). */
  readonly columns: number;
  /** The same as SamplingNetwork's. */
  importTensors(parameters: TensorMap): void;
  /** Starts each row from a state in the form that readSamplingState returns. */
  reset(startOf: (row: number) => Float32Array): void;
  /** Reads the next columns of every row, in a batch's order, and carries the states over. Each target's loss is then available. */
  read(batch: Batch): void;
  /** -log P of a target of the last read(), in nats. */
  lossAt(row: number, column: number): number;
  /** Writes the state after a symbol of the last read() into `into`, in the form that readSamplingState returns. */
  readState(row: number, column: number, into: Float32Array): void;
  dispose(): void;
}

/** The backend that also makes networks for reading and writing. */
export interface EmbeddedBackend extends Backend {
  /** Makes a network whose parameters and states are zero. */
  createReadingNetwork(spec: ModelSpec, rows: number, columns: number): ReadingNetwork;
  /** Makes a network whose parameters and state are zero. */
  createSamplingNetwork(spec: ModelSpec): SamplingNetwork;
}
