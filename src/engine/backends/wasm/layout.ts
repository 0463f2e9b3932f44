import { gateCount } from '../../../shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { NetworkOptions } from '../backend.ts';

/**
 * Where a network's buffers lie, planned once so that nothing is allocated inside a step. Sizes in floats, Hp and Vp being H and V
 * rounded up to 16, G the gates, R = G*Hp, N = B*S:
 *
 *   parameters, gradients, accumulators   R*(K + Hp + 2) per layer and Vp*(Hp + 1), K = V in layer 0 and Hp above;
 *                                         three times for RMSProp, four times for Adam
 *   gate values                           N*R per layer
 *   hidden and cell states, strips        about 4*(N + B)*Hp per layer
 *   logits                                N*Vp
 *
 * At the default 2x128 LSTM, B = S = 50, V = 65 that is about 30 MB.
 */

/** Fields of the kernels' Network (src/kernels/assembly/network.ts), in order, one 32-bit word each. */
export const networkFields = [
  ...([
    'model',
    'wide',
    'batch',
    'time',
    'layers',
    'vocabulary',
    'vocabularyPadded',
    'size',
    'gates',
  ] as const),
  ...(['dropout', 'dropThreshold', 'layerTable'] as const),
  ...(['decoderW', 'decoderWGrad', 'decoderWPacked', 'decoderB', 'decoderBGrad'] as const),
  ...(['inputs', 'targets', 'logits', 'losses'] as const),
  ...(['hiddenGrad', 'hiddenGradBelow', 'carryGrad', 'panelScratch'] as const),
  ...(['parameters', 'gradients', 'accumulatorM', 'accumulatorV', 'parameterFloats', 'partialSums'] as const),
  ...(['optimizer', 'learningRate', 'decayRate', 'clip', 'correction1', 'correction2'] as const),
  ...(['dropoutKeys', 'zeros', 'nextJob', 'sampleGates', 'sampleLogits', 'sampleScratch'] as const),
] as const;
export type NetworkField = (typeof networkFields)[number];

/** Fields of the kernels' Layer, in order. */
export const layerFields = [
  ...(['inputW', 'inputWGrad', 'inputWPacked', 'recurrentW', 'recurrentWGrad', 'recurrentWPacked'] as const),
  ...(['inputB', 'inputBGrad', 'recurrentB', 'recurrentBGrad', 'biasSum', 'gateValues'] as const),
  ...(['hidden', 'cell', 'cellTanh', 'hiddenStrips', 'resetStrips', 'dropped', 'droppedStrips'] as const),
  ...([
    'trainHidden',
    'trainCell',
    'evaluationHidden',
    'evaluationCell',
    'sampleHidden',
    'sampleCell',
  ] as const),
] as const;
export type LayerField = (typeof layerFields)[number];

/** Floats per block of the optimiser, as in the kernels. */
export const optimizerBlock = 4096;
const panel = 16;
/** Rows of a thread's scratch panels: a group of 4 panels of 256 rows, as in the kernels. */
const gradientGroup = 4 * 256;

/** Rounds up to whole panels of 16. */
export function padded(size: number): number {
  return Math.ceil(size / panel) * panel;
}

/** One parameter tensor inside the run of all parameters, in its padded form. */
export interface ParameterPlace {
  readonly name: string;
  readonly kind: 'matrix' | 'vector';
  /** Floats from the start of the parameters. */
  readonly offset: number;
  readonly floats: number;
}

export interface Dimensions {
  /** Hp. */
  readonly size: number;
  /** Vp. */
  readonly vocabulary: number;
  /** R. */
  readonly rowFloats: number;
  /** N. */
  readonly rows: number;
}

/** Padded sizes of a network. */
export function dimensionsOf(spec: ModelSpec, options: NetworkOptions): Dimensions {
  const size = padded(spec.rnnSize);
  return {
    size,
    vocabulary: padded(spec.vocabularySize),
    rowFloats: gateCount(spec.model) * size,
    rows: options.batchSize * options.sequenceLength,
  };
}

/** Rows of a layer's input panels: symbols are gathered, so layer 0 needs no padding. */
export function inputRows(spec: ModelSpec, layer: number): number {
  return layer === 0 ? spec.vocabularySize : padded(spec.rnnSize);
}

/** All parameters in canonical order. */
export function parameterPlaces(spec: ModelSpec, dimensions: Dimensions): readonly ParameterPlace[] {
  const places: ParameterPlace[] = [];
  let offset = 0;
  const add = (name: string, kind: ParameterPlace['kind'], floats: number): void => {
    places.push({ name, kind, offset, floats });
    offset += floats;
  };
  for (let layer = 0; layer < spec.numLayers; layer++) {
    add(`layers.${layer}.wx`, 'matrix', dimensions.rowFloats * inputRows(spec, layer));
    add(`layers.${layer}.wh`, 'matrix', dimensions.rowFloats * dimensions.size);
    add(`layers.${layer}.bx`, 'vector', dimensions.rowFloats);
    add(`layers.${layer}.bh`, 'vector', dimensions.rowFloats);
  }
  add('decoder.w', 'matrix', dimensions.vocabulary * dimensions.size);
  add('decoder.b', 'vector', dimensions.vocabulary);
  return places;
}

/** Addresses of everything, relative to the network's first byte. */
export interface Layout {
  readonly dimensions: Dimensions;
  readonly places: readonly ParameterPlace[];
  readonly parameterFloats: number;
  readonly network: ReadonlyMap<NetworkField, number>;
  readonly layers: readonly ReadonlyMap<LayerField, number>[];
  readonly bytes: number;
}

/** Hands out 64-byte aligned stretches from 0 upwards. */
class Planner {
  bytes = 0;

  take(floats: number): number {
    const address = this.bytes;
    this.bytes += Math.ceil(floats / 16) * 64;
    return address;
  }
}

/** Plans a network for `threads` threads. Buffers that a configuration never touches take no room. */
export function planLayout(spec: ModelSpec, options: NetworkOptions, threads: number): Layout {
  const dimensions = dimensionsOf(spec, options);
  const places = parameterPlaces(spec, dimensions);
  const parameterFloats = places.reduce((total, place) => total + place.floats, 0);
  const planner = new Planner();
  planner.take(networkFields.length);
  const parameters = planner.take(parameterFloats);
  const gradients = planner.take(parameterFloats);
  const parameterAt = (name: string): readonly [number, number] => {
    const offset = (places.find((place) => place.name === name)?.offset ?? NaN) * 4;
    return [parameters + offset, gradients + offset];
  };
  const [decoderW, decoderWGrad] = parameterAt('decoder.w');
  const [decoderB, decoderBGrad] = parameterAt('decoder.b');
  const network = new Map<NetworkField, number>([
    ['parameters', parameters],
    ['gradients', gradients],
    ['accumulatorM', planner.take(parameterFloats)],
    ['accumulatorV', planner.take(options.optimizer.kind === 'adam' ? parameterFloats : 0)],
    ['layerTable', planner.take(spec.numLayers * layerFields.length)],
    ['partialSums', planner.take(Math.ceil(parameterFloats / optimizerBlock) * 4)],
    ['decoderW', decoderW],
    ['decoderWGrad', decoderWGrad],
    ['decoderB', decoderB],
    ['decoderBGrad', decoderBGrad],
    ...sharedBuffers(spec, options, dimensions, threads, planner),
  ]);
  const layers = Array.from({ length: spec.numLayers }, (_, index) => {
    const [inputW, inputWGrad] = parameterAt(`layers.${index}.wx`);
    const [recurrentW, recurrentWGrad] = parameterAt(`layers.${index}.wh`);
    const [inputB, inputBGrad] = parameterAt(`layers.${index}.bx`);
    const [recurrentB, recurrentBGrad] = parameterAt(`layers.${index}.bh`);
    const weights = {
      inputW,
      inputWGrad,
      recurrentW,
      recurrentWGrad,
      inputB,
      inputBGrad,
      recurrentB,
      recurrentBGrad,
    };
    return new Map([
      ...(Object.entries(weights) as [LayerField, number][]),
      ...layerBuffers(spec, options, dimensions, index, planner),
    ]);
  });
  return { dimensions, places, parameterFloats, network, layers, bytes: planner.bytes };
}

function sharedBuffers(
  spec: ModelSpec,
  options: NetworkOptions,
  { size, vocabulary, rowFloats, rows }: Dimensions,
  threads: number,
  planner: Planner,
): readonly [NetworkField, number][] {
  return [
    ['decoderWPacked', planner.take(vocabulary * size)],
    ['inputs', planner.take(rows)],
    ['targets', planner.take(rows)],
    ['logits', planner.take(rows * vocabulary)],
    ['losses', planner.take(rows)],
    ['hiddenGrad', planner.take(rows * size)],
    ['hiddenGradBelow', planner.take(spec.numLayers > 1 ? rows * size : 0)],
    ['carryGrad', planner.take(options.batchSize * size)],
    ['panelScratch', planner.take(threads * gradientGroup * panel)],
    ['dropoutKeys', planner.take(spec.numLayers + 2)],
    ['zeros', planner.take(size)],
    ['sampleGates', planner.take(rowFloats)],
    ['sampleLogits', planner.take(vocabulary)],
    ['sampleScratch', planner.take(size)],
  ];
}

function layerBuffers(
  spec: ModelSpec,
  options: NetworkOptions,
  { size, rowFloats, rows }: Dimensions,
  index: number,
  planner: Planner,
): readonly [LayerField, number][] {
  const when = (needed: boolean, floats: number): number => planner.take(needed ? floats : 0);
  const lstm = spec.model === 'lstm';
  const gru = spec.model === 'gru';
  const states = options.batchSize * size;
  const history = rows * size + states;
  return [
    ['inputWPacked', when(index > 0, rowFloats * size)],
    ['recurrentWPacked', planner.take(rowFloats * size)],
    ['biasSum', planner.take(rowFloats)],
    ['gateValues', planner.take(rows * rowFloats)],
    ['hidden', planner.take(history)],
    ['cell', lstm ? planner.take(history) : when(gru, rows * size)],
    ['cellTanh', when(lstm, rows * size)],
    ['hiddenStrips', planner.take(history)],
    ['resetStrips', when(gru, rows * size)],
    ['dropped', when(spec.dropout > 0, rows * size)],
    ['droppedStrips', when(spec.dropout > 0, rows * size)],
    ['trainHidden', planner.take(states)],
    ['trainCell', when(lstm, states)],
    ['evaluationHidden', planner.take(states)],
    ['evaluationCell', when(lstm, states)],
    ['sampleHidden', planner.take(size)],
    ['sampleCell', when(lstm, size)],
  ];
}

/** Bytes a network takes on the embedded backend; the forecast shown before a run. */
export function wasmMemoryBytes(spec: ModelSpec, options: NetworkOptions, threads = 1): number {
  return planLayout(spec, options, threads).bytes;
}
