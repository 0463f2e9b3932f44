import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { parameterShapes } from '../../../shared/domain/model-tensors.ts';
import { isResidual } from '../../../shared/domain/residual.ts';
import type { SamplingNetwork, TensorMap } from '../backend.ts';
import { checkTensors } from '../check-tensors.ts';
import { cellSteps } from './cells.ts';
import { createLayer, readInput, type Layer } from './layer.ts';
import { addProduct, transposed } from './products.ts';

const none = new Float32Array(0);

/**
 * A sampling network in plain JavaScript, for the pages of shared models, where no WebAssembly may be compiled. It adds in the order of the embedded
 * kernels and rounds where they round, as processors with fused multiply-add do, so that it writes the same text.
 */
export class JavaScriptNetwork implements SamplingNetwork {
  readonly spec: ModelSpec;
  #layers: readonly Layer[] = [];
  /** [H, V]. */
  #decoder: Float32Array = none;
  #decoderBias: Float32Array = none;
  readonly #logits: Float32Array;

  constructor(spec: ModelSpec) {
    this.spec = spec;
    this.#logits = new Float32Array(spec.vocabularySize);
  }

  importTensors(parameters: TensorMap): void {
    const { spec } = this;
    checkTensors({ parameters: parameterShapes(spec), optimizer: [], average: [], state: [] }, parameters);
    this.#layers = Array.from({ length: spec.numLayers }, (_, index) =>
      createLayer(spec, index, parameters, index > 0 && isResidual(spec)),
    );
    const weights = parameters.get('decoder.w')?.data ?? none;
    this.#decoder = transposed(weights, spec.vocabularySize, spec.rnnSize);
    this.#decoderBias = parameters.get('decoder.b')?.data ?? none;
  }

  sampleStep(symbol: number): Float32Array {
    let input: number | Float32Array = symbol;
    for (const layer of this.#layers) {
      readInput(layer, input);
      cellSteps[this.spec.model](layer);
      if (typeof input !== 'number') addInput(layer, input);
      input = layer.output;
    }
    this.#logits.set(this.#decoderBias);
    if (typeof input !== 'number') addProduct(input, this.#decoder, this.#logits);
    return this.#logits;
  }

  readSamplingState(): Float32Array {
    const states = this.#states();
    const { rnnSize: size } = this.spec;
    const flat = new Float32Array(states.length * size);
    states.forEach((state, index) => flat.set(state, index * size));
    return flat;
  }

  writeSamplingState(state: Float32Array): void {
    const { rnnSize: size } = this.spec;
    this.#states().forEach((own, index) => own.set(state.subarray(index * size, (index + 1) * size)));
  }

  resetSampling(): void {
    for (const state of this.#states()) state.fill(0);
  }

  dispose(): void {
    this.#layers = [];
    this.#decoder = none;
  }

  #states(): readonly Float32Array[] {
    return this.#layers.flatMap(({ states }) => states);
  }
}

/** output = h + input, in a layer with a residual connection. */
function addInput({ states: [hidden], output }: Layer, input: Float32Array): void {
  if (hidden === undefined || output === hidden) return;
  for (let unit = 0; unit < output.length; unit++) {
    output[unit] = (hidden[unit] ?? 0) + (input[unit] ?? 0);
  }
}
