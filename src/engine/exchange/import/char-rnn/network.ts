import type { T7Table } from '../../t7/values.ts';
import { matrixShape, numbersOf } from '../../t7/tensors.ts';
import type { ForeignLayer, ForeignNetwork } from '../foreign-model.ts';
import { unknownGraph } from '../refusals.ts';
import { cellPatterns, type FoundGate, type FoundLayer } from './cells.ts';
import { isInput, type Expression } from './expressions.ts';
import type { ReadGraph } from './graph.ts';

/** An nn.Linear as numbers. */
export interface LinearNumbers {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly weight: Float64Array;
  /** [rows] */
  readonly bias: Float64Array;
}

const maxLayers = 32;
const maxUnits = 8192;

/**
 * The numbers of an nn.Linear.
 * @throws CharloomError('incompatible')
 */
export function linearNumbers(fields: T7Table): LinearNumbers {
  const [rows, columns] = matrixShape(fields.get('weight')) ?? [0, 0];
  const weight = numbersOf(fields.get('weight'), [rows, columns]);
  if (weight === undefined) throw unknownGraph('a layer has lost its weights');
  const bias = fields.get('bias') === null ? new Float64Array(rows) : numbersOf(fields.get('bias'), [rows]);
  if (bias === undefined) throw unknownGraph('a layer has lost its weights');
  return { rows, columns, weight, bias };
}

/** A graph, the states that it returns, and the decoder on its last layer. */
export interface NetworkParts {
  readonly graph: ReadGraph;
  readonly states: readonly Expression[];
  /** What the decoder reads. */
  readonly top: Expression;
  readonly decoder: LinearNumbers;
}

/**
 * Recognises the cells of a graph, layer by layer, by their data flow.
 * @throws CharloomError('incompatible')
 */
export function readNetwork({ graph, states, top, decoder }: NetworkParts): ForeignNetwork {
  if (graph.inputs !== states.length + 1) throw unknownGraph('it hands on other states than it takes');
  for (const { model, states: perLayer, find } of cellPatterns) {
    const found: FoundLayer[] = [];
    const count = Math.min(maxLayers, Math.floor(states.length / perLayer));
    for (let layer = 0; layer < count; layer++) {
      const before = found.at(-1)?.output;
      const matched = find({
        isInput: (expression) => (before === undefined ? isSymbol(expression) : expression === before),
        firstState: 2 + layer * perLayer,
        next: states.slice(layer * perLayer, (layer + 1) * perLayer),
      });
      if (matched === undefined) break;
      found.push(matched);
    }
    if (found.length * perLayer !== states.length || found.at(-1)?.output !== top) continue;
    return assemble(model, found, graph.dropout, decoder);
  }
  throw unknownGraph('its cells are neither LSTM nor GRU nor RNN');
}

/** The one-hot symbol: computed in the graph or, in the oldest files, before it. */
function isSymbol(expression: Expression): boolean {
  return isInput(expression.kind === 'one-hot' ? expression.of : expression, 1);
}

function assemble(
  model: ForeignNetwork['model'],
  found: readonly FoundLayer[],
  dropout: number,
  decoder: LinearNumbers,
): ForeignNetwork {
  const rnnSize = decoder.columns;
  if (rnnSize > maxUnits) throw unknownGraph('its layers are larger than any that can be used');
  const layers = found.map(({ gates }, index) =>
    layerOf(gates, rnnSize, index === 0 ? decoder.rows : rnnSize),
  );
  return { model, rnnSize, dropout, layers, decoderW: decoder.weight, decoderB: decoder.bias };
}

/** Collects the rows of all gates. */
function layerOf(gates: readonly FoundGate[], units: number, inputs: number): ForeignLayer {
  const rows = gates.length * units;
  const layer = {
    wx: new Float64Array(rows * inputs),
    wh: new Float64Array(rows * units),
    bx: new Float64Array(rows),
    bh: new Float64Array(rows),
  };
  // One nn.Linear holds all gates of an LSTM.
  const numbers = new Map<T7Table, LinearNumbers>();
  const read = (fields: T7Table): LinearNumbers => {
    const known = numbers.get(fields) ?? linearNumbers(fields);
    numbers.set(fields, known);
    return known;
  };
  gates.forEach(({ fromInput, fromState, start, count }, gate) => {
    const parts = [
      { from: read(fromInput.fields), columns: inputs, weight: layer.wx, bias: layer.bx },
      { from: read(fromState.fields), columns: units, weight: layer.wh, bias: layer.bh },
    ];
    for (const { from, columns, weight, bias } of parts) {
      const isFit = from.columns === columns && (count ?? from.rows) === units && start + units <= from.rows;
      if (!isFit || start < 0) throw unknownGraph('its layers do not fit together');
      weight.set(from.weight.subarray(start * columns, (start + units) * columns), gate * units * columns);
      bias.set(from.bias.subarray(start, start + units), gate * units);
    }
  });
  return layer;
}
