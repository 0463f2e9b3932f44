import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';

/**
 * The contract between the engine and whatever does the arithmetic. It is coarse on purpose: a backend runs whole
 * training steps, so that it can fuse, pack and thread as it likes. Every backend must give the same numbers up to
 * float32 rounding; test/fixtures hold the golden values.
 */

/** A tensor outside any backend: row-major float32. The data belongs to whoever holds the object. */
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
}

export interface OptimizerSettings {
  readonly kind: OptimizerKind;
  /** RMSProp's smoothing alpha (char-rnn `-decay_rate`, 0.95). Adam uses beta 0.9/0.999 and ignores it. */
  readonly decayRate: number;
}

/** Shapes and constants fixed for a network's life, so that nothing is allocated inside a step. */
export interface NetworkOptions {
  /** B, rows of a batch. A network only used for sampling takes 1. */
  readonly batchSize: number;
  /** S, time steps of a batch. A network only used for sampling takes 1. */
  readonly sequenceLength: number;
  readonly optimizer: OptimizerSettings;
  /** Every element of the summed-over-time gradient is clamped to [-gradientClip, gradientClip]. */
  readonly gradientClip: number;
  /** Seed of the dropout masks, a uint32 (see random/dropout.ts for the generator every backend must follow). */
  readonly dropoutSeed: number;
}

export interface StepOptions {
  /** 1-based iteration: the counter of the dropout generator and of Adam's bias correction. */
  readonly iteration: number;
  readonly learningRate: number;
}

export interface StepResult {
  /** Mean cross entropy in nats per symbol, over batch and time. */
  readonly loss: number;
  /** L2 norm of all gradients after the clamp. */
  readonly gradientNorm: number;
  /** L2 norm of all parameters after the update. */
  readonly parameterNorm: number;
}

export interface Network {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  /** Bytes this network holds, all buffers included. */
  readonly memoryBytes: number;

  /**
   * One step of stateful truncated backpropagation: forward from the carried training state, gradient of the mean over
   * batch SUMMED over time, clamp, optimiser update; the final state becomes the next initial state.
   * When the loss is not finite the parameters are still updated as char-rnn would; the caller decides what to do.
   */
  trainStep(batch: Batch, options: StepOptions): StepResult;

  /**
   * Loss of one chunk with dropout off, carrying a state of its own that training never sees.
   * Call resetEvaluation() before the first chunk of a pass.
   */
  evaluate(batch: Batch): number;
  resetEvaluation(): void;

  /**
   * Feeds one symbol to the sampling stream (batch 1, dropout off, its own state) and returns the logits of the next, [V].
   * The array is reused by the next call.
   */
  sampleStep(symbol: number): Float32Array;
  /** The sampling state as one flat array (layer by layer the cell's states, h first), for branching; zeros after resetSampling(). */
  readSamplingState(): Float32Array;
  writeSamplingState(state: Float32Array): void;
  resetSampling(): void;

  /** Copies of parameters, optimiser memory and training state under their canonical names. */
  exportTensors(): TensorMap;
  /**
   * Replaces the named tensors. Parameters must be complete; optimiser memory and state are each optional as a group and
   * become zero when absent. Throws CharloomError('incompatible') on a missing, misshapen or unknown name.
   */
  importTensors(tensors: TensorMap): void;
  /** Gradients of the last trainStep BEFORE the clamp, under the parameters' names. For verification only. */
  exportGradients(): TensorMap;

  dispose(): void;
}

export interface BackendInfo {
  readonly name: 'wasm' | 'tensorflow';
  /** What a person should read: "CPU, 2 threads, relaxed SIMD", "NVIDIA H100". */
  readonly device: string;
  readonly threads: number;
  /** The exact arithmetic in use; results are bit-identical only within one variant. */
  readonly variant: string;
}

export interface Backend {
  readonly info: BackendInfo;
  /** The same for one model: where a backend computes models in different ways, its variant names the way. */
  infoFor(spec: ModelSpec): BackendInfo;
  /** Makes a network whose parameters, optimiser memory and states are all zero. */
  createNetwork(spec: ModelSpec, options: NetworkOptions): Network;
  dispose(): void;
}
