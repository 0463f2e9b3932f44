import { oneHot, product, sigmoid, split, sum, timesColumns, zip, type Vector } from '../arithmetic.ts';
import { fileOf, type Evaluator, type ReadFiles } from '../format.ts';
import { readOnnx, type OnnxGraph, type OnnxNode } from './read.ts';
import { gru, lstm, rnn, type CellValues } from './cells.ts';

type Values = Map<string, Vector>;

/** Reads model.onnx and computes it node by node, one symbol at a time: with one time step and one row every value is a vector. */
export function openOnnx(files: ReadFiles): Evaluator {
  const graph = readOnnx(fileOf(files, 'model.onnx'));
  const inputs = graph.inputs.filter(({ name }) => name !== 'ids');
  const states: Values = new Map();
  return (symbol, begins) => {
    if (begins) for (const { name, shape } of inputs) states.set(name, new Float64Array(shape.at(-1) ?? 0));
    const values: Values = new Map([...graph.constants, ...states, ['ids', Float64Array.of(symbol)]]);
    run(graph, values);
    for (const name of states.keys()) states.set(name, valueOf(values, `${name}_out`));
    return valueOf(values, 'logits');
  };
}

function run({ nodes }: OnnxGraph, values: Values): void {
  for (const node of nodes) {
    const inputs = node.inputs.map((name) => (name === '' ? new Float64Array(0) : valueOf(values, name)));
    const outputs = compute(node, inputs);
    node.outputs.forEach((name, index) => {
      const value = outputs[index];
      if (value === undefined) throw new RangeError(`${node.operator} has no output ${index}`);
      values.set(name, value);
    });
  }
}

function valueOf(values: Values, name: string): Vector {
  const value = values.get(name);
  if (value === undefined) throw new RangeError(`nothing computes ${name}`);
  return value;
}

/** The operators by ONNX's definitions. */
function compute(node: OnnxNode, inputs: readonly Vector[]): readonly Vector[] {
  const [a = new Float64Array(0), b = new Float64Array(0), c = new Float64Array(0)] = inputs;
  switch (node.operator) {
    case 'OneHot': {
      const [off = NaN, on = NaN] = c;
      return [oneHot(a[0] ?? NaN, b[0] ?? NaN).map((value) => (value === 1 ? on : off))];
    }
    case 'LSTM':
      return lstm(cellValues(inputs));
    case 'GRU': {
      const [resetAfter] = node.attributes.get('linear_before_reset') ?? [0];
      if (resetAfter !== 0) throw new RangeError('the GRU resets after its product');
      return gru(cellValues(inputs));
    }
    case 'RNN':
      return rnn(cellValues(inputs));
    case 'Squeeze':
    case 'Identity':
      return [a];
    case 'MatMul':
      return [timesColumns(a, b)];
    case 'Split':
      return split(a, node.outputs.length);
    case 'ReduceMean':
      return [Float64Array.of(a.reduce((total, value) => total + value, 0) / a.length)];
    default:
      return [elementwise(node.operator, a, b)];
  }
}

function elementwise(operator: string, a: Vector, b: Vector): Vector {
  switch (operator) {
    case 'Add':
      return sum(a, b);
    case 'Sub':
      return zip(a, b, (x, y) => x - y);
    case 'Mul':
      return product(a, b);
    case 'Div':
      return zip(a, b, (x, y) => x / y);
    case 'Sqrt':
      return a.map(Math.sqrt);
    case 'Sigmoid':
      return a.map(sigmoid);
    case 'Tanh':
      return a.map(Math.tanh);
    default:
      throw new RangeError(`the operator ${operator} is not known here`);
  }
}

/** The inputs of LSTM, GRU and RNN: X, W, R, B, sequence_lens (left out), initial_h, initial_c. */
function cellValues(inputs: readonly Vector[]): CellValues {
  const none = new Float64Array(0);
  const [x = none, w = none, r = none, bias = none, , h = none, c = none] = inputs;
  return { x, w, r, wBias: bias.subarray(0, bias.length / 2), rBias: bias.subarray(bias.length / 2), h, c };
}
