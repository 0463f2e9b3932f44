import { kernelConstants } from './fields/constants.ts';
import { joinedName, type Field } from './fields/field.ts';
import { layerFields } from './fields/layer-fields.ts';
import { networkFields } from './fields/network-fields.ts';
import type { KernelExports } from './kernels.ts';
import type { WeightKind } from '../../../shared/domain/training-choices.ts';
import type { Layout, View } from './layout.ts';
import { hiddenOffsets, type ParameterPlace, type ParameterRole } from './parameter-places.ts';

/** What a network needs from the backend that owns memory and threads. */
export interface WasmContext {
  readonly kernels: KernelExports;
  readonly memory: WebAssembly.Memory;
  readonly wide: boolean;
  release(address: number): void;
}

const roleNumbers: Readonly<Record<ParameterRole, number>> = {
  vector: kernelConstants.VECTOR,
  matrix: kernelConstants.MATRIX,
  hidden: kernelConstants.HIDDEN_MATRIX,
};

/** The views onto one network's buffers. They are created once: shared memory may grow but never moves. */
export class NetworkMemory {
  /** Address of the header that a training step reads. */
  readonly training: number;
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  /** Empty without records. */
  readonly starts: Int32Array;
  readonly losses: Float32Array;
  readonly partialSums: Float64Array;
  readonly dropoutKeys: Uint32Array;
  /** One for each layer; empty without weight drop. */
  readonly weightDropKeys: Uint32Array;
  readonly sampleLogits: Float32Array;
  readonly #buffer: ArrayBufferLike;
  readonly #layout: Layout;
  /** Address of the network's first byte. */
  readonly #base: number;
  readonly #floats: Float32Array;
  readonly #words: Int32Array;

  constructor(layout: Layout, base: number, home: WasmContext) {
    this.#base = base;
    this.training = base + layout.training.header;
    this.#buffer = home.memory.buffer;
    this.#layout = layout;
    // The region may have held another network before.
    new Uint8Array(this.#buffer, base, layout.bytes).fill(0);
    this.#floats = new Float32Array(this.#buffer, this.training, networkFields.length);
    this.#words = new Int32Array(this.#buffer, this.training, networkFields.length);
    const { rows, spec } = layout.sizes;
    this.inputs = new Int32Array(this.#buffer, this.#address('inputs'), rows);
    this.targets = new Int32Array(this.#buffer, this.#address('targets'), rows);
    const { records } = layout.sizes.options;
    this.starts = new Int32Array(this.#buffer, records ? this.#address('starts') : base, records ? rows : 0);
    this.losses = new Float32Array(this.#buffer, this.#address('losses'), rows);
    const parameterFloats = layout.places.reduce((total, { floats }) => total + floats, 0);
    const blocks = Math.ceil(parameterFloats / kernelConstants.OPTIMIZER_BLOCK);
    this.partialSums = new Float64Array(this.#buffer, this.#address('partialSums'), 2 * blocks);
    this.dropoutKeys = new Uint32Array(this.#buffer, this.#address('dropoutKeys'), spec.numLayers + 2);
    const thinned = layout.sizes.options.weightDrop > 0 ? spec.numLayers : 0;
    this.weightDropKeys = new Uint32Array(
      this.#buffer,
      thinned > 0 ? this.#address('weightDropKeys') : base,
      thinned,
    );
    this.sampleLogits = new Float32Array(this.#buffer, this.#address('sampleLogits'), spec.vocabularySize);
    // The word after the keys is the true width H that the kernels count dropout's elements by.
    this.dropoutKeys[spec.numLayers + 1] = spec.rnnSize;
    this.#writeRoles();
    for (const view of new Set([layout.training, ...layout.evaluation.values()])) {
      this.#writeHeader(view, home.wide);
      this.#writeLayerTable(view);
    }
  }

  /** Address of the header that an evaluation with these weights reads; undefined if they are not kept. */
  evaluation(weights: WeightKind): number | undefined {
    const view = this.#layout.evaluation.get(weights);
    return view === undefined ? undefined : this.#base + view.header;
  }

  /** Writes a number into the header of training steps. */
  setNumber(name: string, value: number): void {
    const word = networkFields.findIndex((field) => field.name === name);
    const field = networkFields[word];
    if (field?.kind !== 'number') throw new Error(`the kernels have no number called ${name}`);
    if (field.type === 'f32') this.#floats[word] = value;
    else this.#words[word] = value;
  }

  /** The padded floats of the parameter with this canonical index, in one of the arrays of all parameters. */
  parameter(field: string, index: number): { readonly place: ParameterPlace; readonly stored: Float32Array } {
    const place = this.#layout.places[index];
    if (place === undefined) throw new Error('layout and canon disagree');
    return {
      place,
      stored: new Float32Array(this.#buffer, this.#address(field) + place.offset * 4, place.floats),
    };
  }

  /** The stored training state [B][Hp] behind a canonical name `state.N.h`. */
  trainingState(name: string): Float32Array {
    const { cell, stateFloats } = this.#layout.sizes;
    const [, layer, part] = name.split('.');
    const state = cell.states.find((own) => own.name === part);
    if (state === undefined) throw new Error(`this network has no ${name}`);
    return this.#layerView(Number(layer), joinedName('train', state.word), stateFloats);
  }

  evaluationStates(): Float32Array[] {
    return this.#eachState('evaluation', this.#layout.sizes.stateFloats);
  }

  /** Layer by layer the cell's states at every time of the last chunk, [S+1][B][Hp] each, the first being the initial one. */
  stateHistories(): Float32Array[] {
    const { sizes, training } = this.#layout;
    const floats = (sizes.options.sequenceLength + 1) * sizes.stateFloats;
    return training.layers.flatMap((_, layer) =>
      sizes.cell.states.map(({ word }) => this.#layerView(layer, word, floats)),
    );
  }

  /** Layer by layer the cell's states, [H] each. */
  samplingStates(): Float32Array[] {
    return this.#eachState('sample', this.#layout.sizes.spec.rnnSize);
  }

  #eachState(use: string, floats: number): Float32Array[] {
    const { sizes, training } = this.#layout;
    return training.layers.flatMap((_, layer) =>
      sizes.cell.states.map(({ word }) => this.#layerView(layer, joinedName(use, word), floats)),
    );
  }

  #layerView(layer: number, field: string, floats: number): Float32Array {
    const address = known(this.#layout.training.layers[layer] ?? new Map(), field);
    return new Float32Array(this.#buffer, this.#base + address, floats);
  }

  #address(field: string): number {
    return this.#base + known(this.#layout.training.network, field);
  }

  /** Writes the end and the role of each parameter, for the optimiser. */
  #writeRoles(): void {
    const { places, sizes, training } = this.#layout;
    const table = new Int32Array(this.#buffer, this.#address('parameterTable'), 2 * places.length);
    table.set(places.flatMap(({ offset, floats, role }) => [offset + floats, roleNumbers[role]]));
    if (!training.network.has('muonOffsets')) return;
    const offsets = hiddenOffsets(sizes);
    new Int32Array(this.#buffer, this.#address('muonOffsets'), offsets.length).set(offsets);
  }

  /** Writes everything that does not change from step to step. */
  #writeHeader({ header, network }: View, wide: boolean): void {
    const bytes = new DataView(this.#buffer, this.#base + header, 4 * networkFields.length);
    for (const [word, field] of networkFields.entries()) {
      if (field.kind !== 'number') bytes.setInt32(4 * word, this.#wordOf(field, network), true);
      else {
        const value = field.name === 'wide' ? Number(wide) : (field.value?.(this.#layout.sizes) ?? 0);
        if (field.type === 'f32') bytes.setFloat32(4 * word, value, true);
        else bytes.setInt32(4 * word, value, true);
      }
    }
  }

  #writeLayerTable({ network, layers }: View): void {
    const address = this.#base + known(network, 'layerTable');
    const table = new Int32Array(this.#buffer, address, layers.length * layerFields.length);
    table.set(layers.flatMap((addresses) => layerFields.map((field) => this.#wordOf(field, addresses))));
  }

  /** The address of a field, 0 if the network does not have it. */
  #wordOf({ name }: Field, addresses: ReadonlyMap<string, number>): number {
    const address = addresses.get(name);
    return address === undefined ? 0 : this.#base + address;
  }
}

function known(addresses: ReadonlyMap<string, number>, field: string): number {
  const address = addresses.get(field);
  if (address === undefined) throw new Error(`this network has no ${field}`);
  return address;
}
