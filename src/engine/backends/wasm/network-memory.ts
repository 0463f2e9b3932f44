import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { NetworkOptions } from '../backend.ts';
import type { KernelExports } from './kernels.ts';
import {
  layerFields,
  networkFields,
  optimizerBlock,
  type LayerField,
  type Layout,
  type NetworkField,
  type ParameterPlace,
} from './layout.ts';

const modelNumbers = { lstm: 0, gru: 1, rnn: 2 } as const;

/** What a network needs from the backend that owns memory and threads. */
export interface WasmContext {
  readonly kernels: KernelExports;
  readonly memory: WebAssembly.Memory;
  readonly wide: boolean;
  release(address: number): void;
}

/** The views onto one network's buffers. They are cut once: a shared memory may grow but never moves. */
export class NetworkMemory {
  /** Address of the network's header. */
  readonly base: number;
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  readonly losses: Float32Array;
  readonly partialSums: Float64Array;
  readonly dropoutKeys: Uint32Array;
  readonly sampleLogits: Float32Array;
  readonly #buffer: ArrayBufferLike;
  readonly #layout: Layout;
  readonly #spec: ModelSpec;
  readonly #states: number;
  readonly #floats: Float32Array;

  constructor(spec: ModelSpec, options: NetworkOptions, layout: Layout, base: number, home: WasmContext) {
    this.base = base;
    this.#buffer = home.memory.buffer;
    this.#layout = layout;
    this.#spec = spec;
    this.#states = options.batchSize * layout.dimensions.size;
    // The stretch may have held another network before.
    new Uint8Array(this.#buffer, base, layout.bytes).fill(0);
    this.#floats = new Float32Array(this.#buffer, base, networkFields.length);
    const { rows } = layout.dimensions;
    this.inputs = new Int32Array(this.#buffer, this.#address('inputs'), rows);
    this.targets = new Int32Array(this.#buffer, this.#address('targets'), rows);
    this.losses = new Float32Array(this.#buffer, this.#address('losses'), rows);
    const blocks = Math.ceil(layout.parameterFloats / optimizerBlock);
    this.partialSums = new Float64Array(this.#buffer, this.#address('partialSums'), 2 * blocks);
    this.dropoutKeys = new Uint32Array(this.#buffer, this.#address('dropoutKeys'), spec.numLayers + 2);
    this.sampleLogits = new Float32Array(this.#buffer, this.#address('sampleLogits'), spec.vocabularySize);
    this.#writeHeader(options, home.wide);
    this.#writeLayerTable();
  }

  setFloat(field: NetworkField, value: number): void {
    this.#floats[networkFields.indexOf(field)] = value;
  }

  /** The padded floats of the parameter with this canonical index, in one of the four runs of parameters. */
  parameter(
    field: NetworkField,
    index: number,
  ): { readonly place: ParameterPlace; readonly stored: Float32Array } {
    const place = this.#layout.places[index];
    if (place === undefined) throw new Error('layout and canon disagree');
    return {
      place,
      stored: new Float32Array(this.#buffer, this.#address(field) + place.offset * 4, place.floats),
    };
  }

  /** The stored training state [B][Hp] behind a canonical name `state.N.h` or `state.N.c`. */
  trainingState(name: string): Float32Array {
    const [, layer, part] = name.split('.');
    return this.#layerView(Number(layer), part === 'h' ? 'trainHidden' : 'trainCell', this.#states);
  }

  evaluationStates(): Float32Array[] {
    return this.#eachLayer('evaluationHidden', 'evaluationCell', this.#states);
  }

  /** Layer by layer h, then c for an LSTM, [H] each. */
  samplingStates(): Float32Array[] {
    return this.#eachLayer('sampleHidden', 'sampleCell', this.#spec.rnnSize);
  }

  #eachLayer(hidden: LayerField, cell: LayerField, floats: number): Float32Array[] {
    const fields = this.#spec.model === 'lstm' ? [hidden, cell] : [hidden];
    return this.#layout.layers.flatMap((_, layer) =>
      fields.map((field) => this.#layerView(layer, field, floats)),
    );
  }

  #layerView(layer: number, field: LayerField, floats: number): Float32Array {
    return new Float32Array(
      this.#buffer,
      this.base + (this.#layout.layers[layer]?.get(field) ?? NaN),
      floats,
    );
  }

  #address(field: NetworkField): number {
    return this.base + (this.#layout.network.get(field) ?? NaN);
  }

  #writeHeader(options: NetworkOptions, wide: boolean): void {
    const spec = this.#spec;
    const { dimensions, parameterFloats } = this.#layout;
    const numbers: Partial<Record<NetworkField, number>> = {
      model: modelNumbers[spec.model],
      wide: wide ? 1 : 0,
      batch: options.batchSize,
      time: options.sequenceLength,
      layers: spec.numLayers,
      vocabulary: spec.vocabularySize,
      vocabularyPadded: dimensions.vocabulary,
      size: dimensions.size,
      gates: dimensions.rowFloats,
      dropThreshold: Math.floor(spec.dropout * 4294967296) | 0,
      parameterFloats,
      optimizer: options.optimizer.kind === 'adam' ? 1 : 0,
    };
    const words = new Int32Array(this.#buffer, this.base, networkFields.length);
    networkFields.forEach((field, word) => {
      const relative = this.#layout.network.get(field);
      words[word] = relative === undefined ? (numbers[field] ?? 0) : this.base + relative;
    });
    this.setFloat('dropout', spec.dropout);
    this.setFloat('decayRate', options.optimizer.decayRate);
    this.setFloat('clip', options.gradientClip);
    // The word after the keys is the true width H that the kernels count dropout's elements by.
    this.dropoutKeys[spec.numLayers + 1] = spec.rnnSize;
  }

  #writeLayerTable(): void {
    const { layers } = this.#layout;
    const table = new Int32Array(
      this.#buffer,
      this.#address('layerTable'),
      layers.length * layerFields.length,
    );
    layers.forEach((addresses, layer) => {
      layerFields.forEach((field, word) => {
        table[layer * layerFields.length + word] = this.base + (addresses.get(field) ?? NaN);
      });
    });
  }
}
