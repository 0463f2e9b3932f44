import { normEpsilon } from '../../../shared/domain/cells.ts';
import type { Message } from '../../protobuf/write.ts';
import { transpose } from '../arrays.ts';
import type { ModelWeights } from '../weights.ts';
import { floats, node } from './messages.ts';

/** A layer under construction: constants and nodes, each value named after the layer. */
class LayerGraph {
  readonly messages: Message[] = [];
  readonly #layer: number;
  #values = 0;

  constructor(layer: number) {
    this.#layer = layer;
  }

  /** Adds a node with one output, and returns its name. */
  value(operator: string, inputs: readonly string[], attributes = {}, name = this.#next()): string {
    this.messages.push(node(operator, inputs, [name], attributes));
    return name;
  }

  /** The parts of a value along its last axis, each of `size`. */
  parts(value: string, count: number): readonly string[] {
    if (count === 1) return [value];
    const names = Array.from({ length: count }, () => this.#next());
    // Without sizes, Split makes equal parts.
    this.messages.push(node('Split', [value], names, { axis: -1 }));
    return names;
  }

  constant(shape: readonly number[], data: Float32Array): string {
    const name = this.#next();
    this.messages.push(floats(name, shape, data));
    return name;
  }

  #next(): string {
    return `layer${this.#layer}_${this.#values++}`;
  }
}

/**
 * One time step of a layer-normalised layer in basic operators: from `x<layer>` [1, batch, columns] and its states to `y` and the new states.
 * shared/domain/cells.ts has the equations.
 */
export function normalisedLayer(weights: ModelWeights, layer: number, y: string): readonly Message[] {
  const graph = new LayerGraph(layer);
  const step = new NormalisedStep(graph, weights, layer);
  switch (weights.spec.model) {
    case 'lstm':
      step.lstm(y);
      break;
    case 'gru':
      step.gru(y);
      break;
    case 'rnn':
      step.rnn(y);
  }
  return graph.messages;
}

class NormalisedStep {
  readonly #graph: LayerGraph;
  readonly #weights: ModelWeights;
  readonly #layer: number;

  constructor(graph: LayerGraph, weights: ModelWeights, layer: number) {
    this.#graph = graph;
    this.#weights = weights;
    this.#layer = layer;
  }

  lstm(y: string): void {
    const sum = this.#op(
      'Add',
      this.#product('x', this.#name('x'), 0, 4),
      this.#product('h', this.#name('h'), 0, 4),
    );
    const [i = '', f = '', o = '', g = ''] = this.#graph.parts(sum, 4);
    const kept = this.#op('Mul', this.#op('Sigmoid', f), this.#name('c'));
    const added = this.#op('Mul', this.#op('Sigmoid', i), this.#op('Tanh', g));
    const c = this.#graph.value('Add', [kept, added], {}, `${this.#name('c')}_out`);
    const shown = this.#op(
      'Add',
      this.#op('Mul', this.#normalise(c), this.#vector('gc', 0, 1)),
      this.#vector('bc', 0, 1),
    );
    this.#end(this.#op('Mul', this.#op('Sigmoid', o), this.#op('Tanh', shown)), y);
  }

  gru(y: string): void {
    const h = this.#name('h');
    const fromInput = this.#graph.parts(this.#product('x', this.#name('x'), 0, 3), 3);
    const fromState = this.#graph.parts(this.#product('h', h, 0, 2), 2);
    const [z = '', r = ''] = fromState.map((value, gate) =>
      this.#op('Sigmoid', this.#op('Add', fromInput[gate] ?? '', value)),
    );
    const candidate = this.#product('h', this.#op('Mul', r, h), 2, 3);
    const n = this.#op('Tanh', this.#op('Add', fromInput[2] ?? '', candidate));
    // h + z * (n - h) is z * n + (1 - z) * h.
    this.#end(this.#op('Add', h, this.#op('Mul', z, this.#op('Sub', n, h))), y);
  }

  rnn(y: string): void {
    const sum = this.#op(
      'Add',
      this.#product('x', this.#name('x'), 0, 1),
      this.#product('h', this.#name('h'), 0, 1),
    );
    this.#end(this.#op('Tanh', sum), y);
  }

  /** The layer's new h is used twice: as its output and as its state. */
  #end(h: string, y: string): void {
    this.#graph.value('Identity', [h], {}, `${this.#name('h')}_out`);
    this.#graph.value('Identity', [h], {}, y);
  }

  /** The gates [first, last) of a normalised product, with its gain and bias. */
  #product(side: 'x' | 'h', source: string, first: number, last: number): string {
    const size = this.#weights.size;
    const columns = side === 'x' && this.#layer === 0 ? this.#weights.symbols : size;
    const rows = (last - first) * size;
    const w = this.#tensor(`w${side}`).subarray(first * size * columns, last * size * columns);
    const matrix = this.#graph.constant([columns, rows], transpose(w, rows));
    const normal = this.#normalise(this.#op('MatMul', source, matrix));
    return this.#op(
      'Add',
      this.#op('Mul', normal, this.#vector(`g${side}`, first, last)),
      this.#vector(`b${side}`, first, last),
    );
  }

  /** (v - mean) / sqrt(variance + epsilon) along the last axis. */
  #normalise(value: string): string {
    const mean = this.#graph.value('ReduceMean', [value], { axes: [-1], keepdims: 1 });
    const centred = this.#op('Sub', value, mean);
    const square = this.#op('Mul', centred, centred);
    const variance = this.#graph.value('ReduceMean', [square], { axes: [-1], keepdims: 1 });
    const epsilon = this.#graph.constant([1], Float32Array.of(normEpsilon));
    return this.#op('Div', centred, this.#op('Sqrt', this.#op('Add', variance, epsilon)));
  }

  #vector(name: string, first: number, last: number): string {
    const size = this.#weights.size;
    return this.#graph.constant([(last - first) * size], this.#tensor(name).slice(first * size, last * size));
  }

  #tensor(name: string): Float32Array {
    const layer = this.#weights.layers[this.#layer];
    if (layer === undefined) throw new RangeError(`the model has no layer ${this.#layer}`);
    return layer(name);
  }

  #op(operator: string, ...inputs: readonly string[]): string {
    return this.#graph.value(operator, inputs);
  }

  #name(value: string): string {
    return `${value}${this.#layer}`;
  }
}
