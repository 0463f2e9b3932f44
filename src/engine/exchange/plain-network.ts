import { isResidual, type ModelSpec } from '../../shared/domain/model-spec.ts';
import { oneHot, product, rowsTimes, sigmoid, split, sum, type Vector } from './arithmetic.ts';

/** The part of a model's shape that determines what it computes. */
export type PlainShape = Omit<ModelSpec, 'dropout'>;

/** Weights by their canonical names. */
export type PlainWeights = (name: string) => Float32Array;

/**
 * Charloom's network by its definition (shared/domain/cells.ts) in float64, one vector at a time: char-rnn's cells, layer normalisation, residual
 * connections. It checks files that store weights under their canonical names, and shares nothing with the backends.
 */
export class PlainNetwork {
  readonly #shape: PlainShape;
  readonly #weights: PlainWeights;
  /** h, and c of an LSTM, of each layer. */
  #states: { h: Vector; c: Vector }[] = [];

  constructor(shape: PlainShape, weights: PlainWeights) {
    this.#shape = shape;
    this.#weights = weights;
    this.reset();
  }

  /** Resets all states to zero. */
  reset(): void {
    const shape = this.#shape;
    this.#states = Array.from({ length: shape.numLayers }, () => ({
      h: new Float64Array(shape.rnnSize),
      c: new Float64Array(shape.rnnSize),
    }));
  }

  /** Reads one symbol; returns the logits of the next, [V]. */
  read(symbol: number): Vector {
    let x: Vector = oneHot(symbol, this.#shape.vocabularySize);
    this.#states.forEach((state, layer) => {
      this.#step(layer, x, state);
      x = layer > 0 && isResidual(this.#shape) ? sum(x, state.h) : state.h;
    });
    return sum(rowsTimes(this.#weights('decoder.w'), x), Float64Array.from(this.#weights('decoder.b')));
  }

  #step(layer: number, x: Vector, state: { h: Vector; c: Vector }): void {
    const own = new PlainLayer((name) => this.#weights(`layers.${layer}.${name}`), this.#shape);
    switch (this.#shape.model) {
      case 'lstm': {
        const [i = x, f = x, o = x, g = x] = split(sum(own.fromInput(x), own.fromState(state.h, 0, 4)), 4);
        state.c = sum(product(f.map(sigmoid), state.c), product(i.map(sigmoid), g.map(Math.tanh)));
        state.h = product(o.map(sigmoid), own.shown(state.c).map(Math.tanh));
        return;
      }
      case 'gru': {
        const [fromZ = x, fromR = x, fromN = x] = split(own.fromInput(x), 3);
        const [byZ = x, byR = x] = split(own.fromState(state.h, 0, 2), 2);
        const z = sum(fromZ, byZ).map(sigmoid);
        const r = sum(fromR, byR).map(sigmoid);
        const n = sum(fromN, own.fromState(product(r, state.h), 2, 3)).map(Math.tanh);
        state.h = sum(
          product(z, n),
          product(
            z.map((value) => 1 - value),
            state.h,
          ),
        );
        return;
      }
      case 'rnn':
        state.h = sum(own.fromInput(x), own.fromState(state.h, 0, 1)).map(Math.tanh);
    }
  }
}

class PlainLayer {
  readonly #weights: PlainWeights;
  readonly #size: number;
  readonly #isNormalised: boolean;

  constructor(weights: PlainWeights, { rnnSize, layerNorm }: PlainShape) {
    this.#weights = weights;
    this.#size = rnnSize;
    this.#isNormalised = layerNorm;
  }

  fromInput(x: Vector): Vector {
    return this.#product('x', x, 0, this.#weights('bx').length / this.#size);
  }

  /** The gates [first, last). */
  fromState(h: Vector, first: number, last: number): Vector {
    return this.#product('h', h, first, last);
  }

  /** The cell state that tanh is applied to. */
  shown(c: Vector): Vector {
    if (!this.#isNormalised) return c;
    return sum(product(normalised(c), this.#vector('gc', 0, 1)), this.#vector('bc', 0, 1));
  }

  #product(side: 'x' | 'h', source: Vector, first: number, last: number): Vector {
    const [from, to] = [first * this.#size * source.length, last * this.#size * source.length];
    const value = rowsTimes(this.#weights(`w${side}`).subarray(from, to), source);
    const bias = this.#vector(`b${side}`, first, last);
    if (!this.#isNormalised) return sum(value, bias);
    return sum(product(normalised(value), this.#vector(`g${side}`, first, last)), bias);
  }

  #vector(name: string, first: number, last: number): Vector {
    return Float64Array.from(this.#weights(name).subarray(first * this.#size, last * this.#size));
  }
}

/** (v - mean) / sqrt(variance + 0.00001), the variance biased. */
function normalised(vector: Vector): Vector {
  const mean = vector.reduce((total, value) => total + value, 0) / vector.length;
  const variance = vector.reduce((total, value) => total + (value - mean) ** 2, 0) / vector.length;
  return vector.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}
