/**
 * The recurrent cells. This table holds everything that differs between them except arithmetic: names and shapes of parameters and states, initial
 * values, descriptions. Checkpoints, forecasts, all backends and the kernels' fields are derived from it.
 */
export const cellKinds = ['lstm', 'gru', 'rnn'] as const;
export type CellKind = (typeof cellKinds)[number];

/** A tensor that each layer learns. Its rows are whole blocks of H, one row for each unit. */
export interface LayerParameter {
  /** Canonical: what follows `layers.N.`. */
  readonly name: string;
  /** The same, spelled out as in code. */
  readonly word: string;
  /** Rows / H. */
  readonly blocks: number;
  /** What its columns are multiplied by: the layer's input, or H units. A tensor without columns is a vector. */
  readonly columns?: 'inputs' | 'units';
}

/** A vector of H that a layer carries from one time step to the next. */
export interface CellState {
  /** Canonical: what follows `state.N.`. */
  readonly name: string;
  /** The same, spelled out as in code. */
  readonly word: string;
}

/** Parameters are initialised at random; this number then replaces the values of a vector, for one gate or all. */
export interface FixedStart {
  readonly parameter: string;
  readonly gate?: string;
  readonly value: number;
}

/** One kind of recurrent layer. */
export interface CellDescription {
  readonly title: string;
  /** What it is good for: completes "LSTM ...". */
  readonly trait: string;
  /**
   * Its gates in the order of the weights' rows. Recurrent weights of the first group are multiplied by the previous hidden state, those of the second
   * (if there is one) by another vector of H that the cell computes from it: GRU's r*h.
   */
  readonly gateGroups: readonly [readonly string[], (readonly string[])?];
  /** The first is h, the layer's output. */
  readonly states: readonly CellState[];
  /** What its layers learn besides wx, wh, bx and bh; these follow in canonical order. */
  readonly extraParameters: readonly LayerParameter[];
  readonly fixedStarts: readonly FixedStart[];
}

/** Added to a variance before the square root, so that equal values do not divide by zero. */
export const normEpsilon = 1e-5;

const hidden: CellState = { name: 'h', word: 'hidden' };

export const cells: Readonly<Record<CellKind, CellDescription>> = {
  lstm: {
    title: 'LSTM',
    trait: 'has the best memory',
    gateGroups: [['i', 'f', 'o', 'g']],
    states: [hidden, { name: 'c', word: 'cell' }],
    extraParameters: [],
    // The forget gate starts open, so that cells remember from the start.
    fixedStarts: [{ parameter: 'bx', gate: 'f', value: 1 }],
  },
  gru: {
    title: 'GRU',
    trait: 'is a little smaller',
    gateGroups: [['z', 'r'], ['n']],
    states: [hidden],
    extraParameters: [],
    fixedStarts: [],
  },
  rnn: {
    title: 'RNN',
    trait: 'is the simplest',
    gateGroups: [['h']],
    states: [hidden],
    extraParameters: [],
    fixedStarts: [],
  },
};

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, arXiv 1607.06450). LN(v) = (v - mean) / sqrt(variance + normEpsilon) over the whole vector, with
 * the biased variance. The input's product is normalised over all gates together, the recurrent product over the gates of each group, and each has a
 * gain; both biases remain (only their sum acts). A cell state is normalised before its tanh, with a gain and a bias; the carried state is not.
 */
function normalised(cell: CellDescription): CellDescription {
  const blocks = gatesOf(cell).length;
  const hasCellState = cell.states.some(({ name }) => name === 'c');
  const extraParameters = [
    { name: 'gx', word: 'inputGain', blocks },
    { name: 'gh', word: 'recurrentGain', blocks },
    ...(hasCellState
      ? [
          { name: 'gc', word: 'cellGain', blocks: 1 },
          { name: 'bc', word: 'cellB', blocks: 1 },
        ]
      : []),
  ];
  const starts = extraParameters.map(({ name }) => ({
    parameter: name,
    value: name.startsWith('g') ? 1 : 0,
  }));
  return { ...cell, extraParameters, fixedStarts: [...cell.fixedStarts, ...starts] };
}

/** The same cells, layer-normalised. */
export const normalisedCells: Readonly<Record<CellKind, CellDescription>> = {
  lstm: normalised(cells.lstm),
  gru: normalised(cells.gru),
  rnn: normalised(cells.rnn),
};

/** A cell, and its layer-normalised variant. */
interface CellVariant {
  readonly model: CellKind;
  /** Layer normalisation; missing where only the gates are needed, which are the same in both variants. */
  readonly layerNorm?: boolean;
}

/** The cell of a model. A variant of a cell that another field of the model chooses belongs here and nowhere else. */
export function cellOf({ model, layerNorm = false }: CellVariant): CellDescription {
  return layerNorm ? normalisedCells[model] : cells[model];
}

/** All gates in the order of the weights' rows. */
export function gatesOf({ gateGroups: [first, second = []] }: CellDescription): readonly string[] {
  return [...first, ...second];
}

/** Gates in each group: [4] for LSTM, [2, 1] for GRU. */
export function groupSizes({ gateGroups: [first, second] }: CellDescription): readonly number[] {
  return second === undefined ? [first.length] : [first.length, second.length];
}

/** What each layer learns, in canonical order. */
export function layerParameters(cell: CellDescription): readonly LayerParameter[] {
  const blocks = gatesOf(cell).length;
  return [
    { name: 'wx', word: 'inputW', blocks, columns: 'inputs' },
    { name: 'wh', word: 'recurrentW', blocks, columns: 'units' },
    { name: 'bx', word: 'inputB', blocks },
    { name: 'bh', word: 'recurrentB', blocks },
    ...cell.extraParameters,
  ];
}
