import {
  cells,
  groupSizes,
  layerParameters,
  normalisedCells,
  type CellDescription,
  type CellKind,
} from '../../../../shared/domain/cells.ts';
import { isResidual } from '../../../../shared/domain/model-spec.ts';
import { buffer, joinedName, parameterPair, type BufferField, type Field } from './field.ts';

/** What a cell's forward pass keeps for the backward pass besides gate values and states, [N][blocks * Hp]. */
interface Trace {
  readonly word: string;
  readonly blocks: number;
  readonly meaning: string;
  readonly cells: readonly CellKind[];
}

const traces: readonly Trace[] = [
  { word: 'cellTanh', blocks: 1, meaning: 'tanh of the cell state', cells: ['lstm'] },
];

type Floats = BufferField['floats'];

const perRow: Floats = ({ rows, size }) => rows * size;
const history: Floats = ({ rows, size, stateFloats }) => rows * size + stateFloats;

/** Space only in networks that need it: those of a certain cell, or with dropout. */
function when(needed: (sizes: Parameters<Floats>[0]) => boolean, floats: Floats): Floats {
  return (sizes, layer) => (needed(sizes) ? floats(sizes, layer) : 0);
}

const ifOperand = (floats: Floats): Floats => when(({ cell }) => cell.gateGroups[1] !== undefined, floats);
const ifDropout = (floats: Floats): Floats => when(({ spec }) => spec.dropout > 0, floats);
const ifNormalised = (floats: Floats): Floats => when(({ spec }) => spec.layerNorm, floats);
const ifNormalisedCell = (floats: Floats): Floats =>
  ifNormalised(when(({ cell }) => cell.extraParameters.some(({ word }) => word === 'cellGain'), floats));
/** Space only in layers with a residual connection. */
const ifResidual =
  (floats: Floats): Floats =>
  (sizes, layer) =>
    layer > 0 && isResidual(sizes.spec) ? floats(sizes, layer) : 0;

/** Space only in layers whose output differs from the hidden states that they carry: the start of a record clears those. */
const ifOwnOutput = (floats: Floats): Floats => {
  const residual = ifResidual(floats);
  return (sizes, layer) => (sizes.options.records ? floats(sizes, layer) : residual(sizes, layer));
};

/** Rows of the input's product: it depends on the symbol alone in the first layer. */
const inputRows: Floats = ({ spec, rows }, layer) => (layer === 0 ? spec.vocabularySize : rows);

/** What layer normalisation keeps from the forward pass and sums in the backward pass. */
const normFields: readonly Field[] = [
  buffer(
    'inputTable',
    '[V][R], what each symbol adds to the gates: its normalised row times gain, plus biases. First layer only.',
    ifNormalised((sizes, layer) => (layer === 0 ? sizes.spec.vocabularySize * sizes.rowFloats : 0)),
  ),
  buffer(
    'inputNormed',
    "[V][R] in the first layer, else [N][R]: the input's product, normalised.",
    ifNormalised((sizes, layer) => inputRows(sizes, layer) * sizes.rowFloats),
  ),
  buffer('inputScale', '[V] or [N], 1 / standard deviation of each of its rows.', ifNormalised(inputRows)),
  buffer(
    'recurrentNormed',
    '[N][R]: the recurrent product, normalised group by group, then its gradient.',
    ifNormalised((n) => n.rows * n.rowFloats),
  ),
  buffer(
    'recurrentScale',
    '[groups][N], 1 / standard deviation of each group of its rows.',
    ifNormalised((n) => groupSizes(n.cell).length * n.rows),
  ),
  buffer(
    'cellMean',
    '[N], mean of the cell state.',
    ifNormalisedCell((n) => n.rows),
  ),
  buffer(
    'cellScale',
    '[N], 1 / standard deviation of the cell state.',
    ifNormalisedCell((n) => n.rows),
  ),
  buffer(
    'inputGainSums',
    "[B][R], the input gain's gradient, summed over time. Not in the first layer.",
    ifNormalised((n, layer) => (layer === 0 ? 0 : n.options.batchSize * n.rowFloats)),
  ),
  buffer(
    'biasSums',
    "[B][R], the gate biases' gradient, summed over time. Not in the first layer.",
    ifNormalised((n, layer) => (layer === 0 ? 0 : n.options.batchSize * n.rowFloats)),
  ),
  buffer(
    'recurrentGainSums',
    "[B][R], the recurrent gain's gradient, summed over time.",
    ifNormalised((n) => n.options.batchSize * n.rowFloats),
  ),
  buffer(
    'cellGainSums',
    "[B][Hp], the cell gain's gradient, summed over time.",
    ifNormalisedCell((n) => n.stateFloats),
  ),
  buffer(
    'cellBSums',
    "[B][Hp], the gradient of the cell's bias, summed over time.",
    ifNormalisedCell((n) => n.stateFloats),
  ),
];

/** A layer's output, where it differs from the hidden state that the layer carries. */
const outputFields: readonly Field[] = [
  buffer('output', '[N][Hp], hidden state (plus input), before dropout.', ifOwnOutput(perRow)),
  buffer(
    'outputStrips',
    'The same in strips, where nothing is dropped.',
    ifOwnOutput(when(({ spec }) => spec.dropout === 0, perRow)),
  ),
  buffer(
    'sampleOutput',
    '[Hp], hidden state plus input while sampling.',
    ifResidual((n) => n.size),
  ),
];

/** In a training step with weight drop, recurrentW is the copy with weight drop. */
const weightDropFields: readonly Field[] = [
  {
    kind: 'parameter',
    run: 'parameters',
    parameter: 'wh',
    name: 'wholeRecurrentW',
    meaning: 'The recurrent weights without weight drop.',
  },
  buffer('thinnedRecurrentW', 'The recurrent weights with weight drop, those kept scaled up.', (n) =>
    n.options.weightDrop > 0 ? n.rowFloats * n.size : 0,
  ),
];

/** The fields that layers of these cells need; a field that several cells share appears once. */
export function layerFieldsOf(described: readonly CellDescription[]): readonly Field[] {
  const parameters = distinct(described.flatMap(layerParameters));
  const matrices = parameters.filter(({ columns }) => columns !== undefined);
  const states = distinct(described.flatMap((cell) => cell.states));
  const eachState = (use: string, meaning: string, floats: Floats): readonly Field[] =>
    states.map(({ name, word }) =>
      buffer(
        use === '' ? word : joinedName(use, word),
        `State ${name}, ${meaning}.`,
        when(({ cell }) => cell.states.some((own) => own.word === word), floats),
      ),
    );
  return [
    ...parameters.flatMap(({ name, word, columns }) =>
      parameterPair(name, word, columns === undefined ? '[rows].' : '[rows/16][columns][16].'),
    ),
    ...matrices.map(({ word }) => packed(word)),
    ...weightDropFields,
    buffer('biasSum', '[R], inputB + recurrentB, renewed at the start of every step.', (n) => n.rowFloats),
    buffer(
      'gateValues',
      '[N][R]: input projection, then gate values, then their gradients.',
      (n) => n.rows * n.rowFloats,
    ),
    ...eachState('', '[S+1][B][Hp], the first being the initial one', history),
    buffer(
      'operand',
      '[N][Hp], what the recurrent weights of the second group of gates are multiplied with.',
      ifOperand(perRow),
    ),
    ...traces.map(traceField),
    ...normFields,
    ...outputFields,
    buffer('hiddenStrips', 'Hidden states in strips for the weight gradients, (S+1)*B rows.', history),
    buffer('operandStrips', 'The operand in strips, N rows.', ifOperand(perRow)),
    buffer(
      'dropped',
      "[N][Hp], this layer's output after dropout, as the next layer or the decoder reads it.",
      ifDropout(perRow),
    ),
    buffer('droppedStrips', 'The same in strips.', ifDropout(perRow)),
    ...eachState('train', '[B][Hp], carried from step to step', (n) => n.stateFloats),
    ...eachState('evaluation', '[B][Hp], carried while evaluating', (n) => n.stateFloats),
    ...eachState('sample', '[Hp], carried while sampling', (n) => n.size),
  ];
}

/** The transpose of a matrix, for the gradient of what it is multiplied with; symbols, the first layer's input, have none. */
function packed(word: string): Field {
  return buffer(joinedName(word, 'packed'), `Transpose of ${word}, [Hp/16][rows][16].`, (sizes, layer) => {
    const own = layerParameters(sizes.cell).find((parameter) => parameter.word === word);
    if (own === undefined || (own.columns === 'inputs' && layer === 0)) return 0;
    return own.blocks * sizes.size * sizes.size;
  });
}

function traceField({ word, blocks, meaning, cells: having }: Trace): Field {
  return buffer(
    word,
    `[N][${blocks === 1 ? '' : `${blocks} * `}Hp], ${meaning} (${having.join(', ')}).`,
    when(
      ({ spec }) => having.includes(spec.model),
      ({ rows, size }) => rows * blocks * size,
    ),
  );
}

function distinct<T extends { readonly word: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.word, item])).values()];
}

/** Fields of the kernels' Layer, in order. */
export const layerFields: readonly Field[] = layerFieldsOf([
  ...Object.values(cells),
  ...Object.values(normalisedCells),
]);
