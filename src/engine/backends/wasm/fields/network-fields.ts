import {
  muonRateRatio,
  optimizerKinds,
  optimizers,
  optimizerScalars,
  optimizerSlots,
} from '../../../../shared/domain/optimizers.ts';
import { isResidual } from '../../../../shared/domain/model-spec.ts';
import { hiddenOffsets, parameterFloats, parameterPlaces } from '../parameter-places.ts';
import { cellNumber } from './cell-variants.ts';
import { kernelConstants } from './constants.ts';
import { buffer, joinedName, number, parameterPair, type Field, type KernelSizes } from './field.ts';
import { layerFields } from './layer-fields.ts';

const { GROUP, MUON_PHASES, OPTIMIZER_BLOCK, PANEL, STRIP_ROWS } = kernelConstants;

/** Name of the array in which an optimiser keeps a slot for all parameters. */
export function slotField(slot: string): string {
  return joinedName('accumulator', slot);
}

const sizes: readonly Field[] = [
  number('i32', 'model', "The cell's number.", ({ spec }) => cellNumber(spec)),
  number('i32', 'layerNorm', '1 when the cells are layer-normalised.', ({ spec }) =>
    spec.layerNorm ? 1 : 0,
  ),
  number('i32', 'residual', '1 when layers from the second on hand their input on.', ({ spec }) =>
    isResidual(spec) ? 1 : 0,
  ),
  number(
    'i32',
    'wide',
    '1 when the engine pairs 128-bit operations into 256-bit ones: wider tiles then pay.',
  ),
  number('i32', 'batch', 'B.', ({ options }) => options.batchSize),
  number('i32', 'time', 'S.', ({ options }) => options.sequenceLength),
  number('i32', 'layers', 'L.', ({ spec }) => spec.numLayers),
  number('i32', 'vocabulary', 'V.', ({ spec }) => spec.vocabularySize),
  number('i32', 'vocabularyPadded', 'Vp.', ({ vocabulary }) => vocabulary),
  number('i32', 'units', 'H.', ({ spec }) => spec.rnnSize),
  number('i32', 'size', 'Hp.', ({ size }) => size),
  number('i32', 'gates', 'R = gates * Hp, floats of one row of gate values.', ({ rowFloats }) => rowFloats),
  number(
    'i32',
    'hiddenGates',
    'Floats of the first group of gates in a row, whose recurrent weights are multiplied with the hidden state.',
    ({ hiddenGates }) => hiddenGates,
  ),
  number('f32', 'dropout', 'Share of units dropped.', ({ spec }) => spec.dropout),
  number('u32', 'dropThreshold', 'Smallest hash that is kept.', ({ spec }) => dropThreshold(spec.dropout)),
  number('f32', 'weightDrop', 'Share of recurrent weights dropped.', ({ options }) => options.weightDrop),
  number('u32', 'weightDropThreshold', 'Smallest hash that is kept.', ({ options }) =>
    dropThreshold(options.weightDrop),
  ),
];

const memory: readonly Field[] = [
  buffer('parameters', 'All parameters in one run; gradients and accumulators alike.', parameterFloats),
  buffer('gradients', 'Before the clip.', parameterFloats),
  ...optimizerSlots.map((slot) =>
    buffer(slotField(slot), `The optimiser's slot ${slot}.`, (n) =>
      optimizers[n.options.optimizer.kind].slots.includes(slot) ? parameterFloats(n) : 0,
    ),
  ),
  buffer('average', "The parameters' running average, where one is kept.", (n) =>
    n.options.averaging ? parameterFloats(n) : 0,
  ),
  number('i32', 'parameterFloats', 'Length of these runs.', parameterFloats),
  buffer('layerTable', "Every layer's fields.", ({ spec }) => spec.numLayers * layerFields.length),
  buffer(
    'partialSums',
    'Two f64 per block of OPTIMIZER_BLOCK floats: sum of squares of clipped gradients and of parameters.',
    (n) => Math.ceil(parameterFloats(n) / OPTIMIZER_BLOCK) * 4,
  ),
  buffer(
    'gradientSquares',
    'One f64 per block: sum of squares of the gradients before the clip, where it bounds their norm.',
    (n) => (n.options.clip.by === 'norm' ? Math.ceil(parameterFloats(n) / OPTIMIZER_BLOCK) * 2 : 0),
  ),
];

const step: readonly Field[] = [
  number('i32', 'optimizer', "The optimiser's number.", ({ options }) =>
    optimizerKinds.indexOf(options.optimizer.kind),
  ),
  number('f32', 'learningRate', 'Of this step.'),
  number('f32', 'decayRate', "RMSProp's alpha.", ({ options }) => options.optimizer.decayRate),
  number(
    'f32',
    'clip',
    "Bound of every gradient, or of all gradients' norm.",
    ({ options }) => options.clip.bound,
  ),
  number('i32', 'clipByNorm', '1 when the bound is that of the norm.', ({ options }) =>
    options.clip.by === 'norm' ? 1 : 0,
  ),
  number('f32', 'averageWeight', 'w of this step in average += w * (parameters - average); 0 leaves it.'),
  ...optimizerScalars.map((name) => number('f32', name, 'Of this step (shared/domain/optimizers.ts).')),
  number(
    'f32',
    'weightDecay',
    'Of matrices, for a rate of 1.',
    ({ options }) => options.optimizer.weightDecay,
  ),
  number('i32', 'nextJob', 'Next job of the weight-gradient phase, taken by atomic increment.'),
];

/** Makes a length that is `floats` with Muon and 0 with other optimisers. */
function forMuon(floats: (sizes: KernelSizes) => number): (sizes: KernelSizes) => number {
  return (n) => (n.options.optimizer.kind === 'muon' ? floats(n) : 0);
}

const roles: readonly Field[] = [
  number('i32', 'parameterCount', 'Number of parameter tensors.', (n) => parameterPlaces(n).length),
  buffer(
    'parameterTable',
    'Two int32 per parameter tensor: floats up to its end in the runs, and its role.',
    (n) => 2 * parameterPlaces(n).length,
  ),
  number('f32', 'muonRateRatio', "Muon's rate for hidden matrices / learningRate.", () => muonRateRatio),
  number(
    'i32',
    'muonBlocks',
    'Gates of hidden matrices, Hp x Hp each.',
    forMuon((n) => hiddenOffsets(n).length),
  ),
  buffer(
    'muonOffsets',
    'One int32 per gate: floats from the start of the runs.',
    forMuon((n) => hiddenOffsets(n).length),
  ),
  buffer(
    'muonMatrices',
    'Four matrices per gate, [4][gates][Hp/16][Hp][16]; the first ends as the direction of its update.',
    forMuon((n) => 4 * hiddenOffsets(n).length * n.size ** 2),
  ),
  buffer(
    'muonSquares',
    'One f64 per gate and panel: sum of squares of the momentum.',
    forMuon((n) => (2 * hiddenOffsets(n).length * n.size) / PANEL),
  ),
  buffer(
    'muonJobs',
    'Next job of each phase, taken by atomic increment.',
    forMuon(() => MUON_PHASES),
  ),
];

const decoder: readonly Field[] = [
  ...parameterPair('decoder.w', 'decoderW', 'Panels [Vp/16][Hp][16].'),
  ...parameterPair('decoder.b', 'decoderB', '[Vp].'),
  buffer('decoderWPacked', 'Transpose of decoderW [Hp/16][Vp][16].', (n) => n.vocabulary * n.size),
];

const buffers: readonly Field[] = [
  buffer('inputs', 'Symbols of the chunk [N] as int32, n = t * B + b.', ({ rows }) => rows),
  buffer('targets', 'Likewise, what follows them.', ({ rows }) => rows),
  buffer('starts', 'Likewise, 1 where a record begins; without records nothing.', ({ rows, options }) =>
    options.records ? rows : 0,
  ),
  buffer('logits', '[N][Vp], logits and then their gradient.', (n) => n.rows * n.vocabulary),
  buffer('losses', '[N], of single predictions.', ({ rows }) => rows),
  buffer(
    'hiddenGrad',
    '[N][Hp], gradient with respect to the hidden state of the layer being walked back.',
    (n) => n.rows * n.size,
  ),
  buffer(
    'hiddenGradBelow',
    '[N][Hp], gradient for the layer below, swapped with hiddenGrad layer by layer.',
    (n) => (n.spec.numLayers > 1 ? n.rows * n.size : 0),
  ),
  buffer(
    'carryGrad',
    "[B][Hp], the cell's own on its way back: LSTM's gradient of c, carried; GRU's gradient of r * h.",
    ({ stateFloats }) => stateFloats,
  ),
  buffer(
    'panelScratch',
    'Per thread: a group of gradient panels, GROUP * [STRIP_ROWS][16].',
    ({ threads }) => threads * GROUP * STRIP_ROWS * PANEL,
  ),
  buffer(
    'dropoutKeys',
    "Dropout keys by site, [L + 1] uint32 (site l is the input of layer l, site L the decoder's), then the true width H.",
    ({ spec }) => spec.numLayers + 2,
  ),
  buffer('weightDropKeys', "Weight drop's keys, [L] uint32.", ({ spec, options }) =>
    options.weightDrop > 0 ? spec.numLayers : 0,
  ),
  buffer(
    'zeros',
    '[Hp] zeros, [R] where products are normalised: the initial value of sums that start from nothing.',
    ({ spec, size, rowFloats }) => (spec.layerNorm ? rowFloats : size),
  ),
  buffer('sampleGates', '[R], one row of gate values.', ({ rowFloats }) => rowFloats),
  buffer(
    'sampleProduct',
    '[R], one row of a product before and after it is normalised.',
    ({ spec, rowFloats }) => (spec.layerNorm ? rowFloats : 0),
  ),
  buffer('sampleLogits', '[Vp].', ({ vocabulary }) => vocabulary),
  buffer('sampleScratch', "[Hp], the cell's own while it samples.", ({ size }) => size),
];

/** Smallest hash that dropout keeps, floor(dropout * 2^32) as uint32. */
function dropThreshold(dropout: number): number {
  return Math.floor(dropout * 2 ** 32);
}

/** Fields of the kernels' Network, in order, one 32-bit word each. */
export const networkFields: readonly Field[] = [
  ...sizes,
  ...memory,
  ...step,
  ...roles,
  ...decoder,
  ...buffers,
];
