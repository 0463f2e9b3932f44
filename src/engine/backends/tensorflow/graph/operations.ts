import type { Attribute, Graph, Output } from './graph.ts';

const float: Attribute = { type: 'float32' };
const int: Attribute = { type: 'int32' };

/**
 * TensorFlow's operations under short names: the vocabulary in which the model is written. Each adds one node (and a
 * constant or two) and returns its output. Shapes are given as [rows, columns].
 */
export class Operations {
  readonly graph: Graph;
  readonly #constants = new Map<string, Output>();
  readonly #filled = new Map<string, Output>();
  readonly #conditions = new Map<Output, Output>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Values fed by the caller at each run. */
  placeholder(name: string, type: 'float32' | 'int32', shape: readonly number[]): Output {
    return first(this.graph.node('Placeholder', [], { dtype: { type }, shape: { shape } }, { name }));
  }

  /** A float32 scalar; equal ones share one node. */
  scalar(value: number): Output {
    return this.#constant('float32', [], [value]);
  }

  /** Equal ones share one node. */
  filled(shape: readonly [number, number], value: number): Output {
    const key = `${shape.join('x')} ${value}`;
    const known = this.#filled.get(key);
    if (known !== undefined) return known;
    const made = this.#float('Fill', [this.integers(shape), this.scalar(value)], { index_type: int });
    this.#filled.set(key, made);
    return made;
  }

  /** An int32 vector; equal ones share one node. */
  integers(values: readonly number[]): Output {
    return this.#constant('int32', [values.length], values);
  }

  /** Zeros in the shape of another tensor. */
  zerosLike(a: Output): Output {
    return this.#float('ZerosLike', [a]);
  }

  /** a·b, either transposed first. */
  matMul(a: Output, b: Output, { transposeA = false, transposeB = false } = {}): Output {
    const attributes = { transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } };
    return this.#float('MatMul', [a, b], attributes);
  }

  /** a·b of each pair of matrices in [pairs, rows, columns], the second transposed first if requested. */
  batchMatMul(a: Output, b: Output, { transposeB = false } = {}): Output {
    return this.#float('BatchMatMulV2', [a, b], { adj_x: { bool: false }, adj_y: { bool: transposeB } });
  }

  add(a: Output, b: Output): Output {
    return this.#float('AddV2', [a, b]);
  }

  subtract(a: Output, b: Output): Output {
    return this.#float('Sub', [a, b]);
  }

  multiply(a: Output, b: Output): Output {
    return this.#float('Mul', [a, b]);
  }

  divide(a: Output, b: Output): Output {
    return this.#float('RealDiv', [a, b]);
  }

  minimum(a: Output, b: Output): Output {
    return this.#float('Minimum', [a, b]);
  }

  squareRoot(a: Output): Output {
    return this.#float('Sqrt', [a]);
  }

  square(a: Output): Output {
    return this.#float('Square', [a]);
  }

  clamp(a: Output, bound: number): Output {
    return this.#float('ClipByValue', [a, this.scalar(-bound), this.scalar(bound)]);
  }

  sigmoid(a: Output): Output {
    return this.#float('Sigmoid', [a]);
  }

  tanh(a: Output): Output {
    return this.#float('Tanh', [a]);
  }

  /** Gradient before a sigmoid whose result was y: gradient * y * (1 - y). */
  sigmoidGradient(y: Output, gradient: Output): Output {
    return this.#float('SigmoidGrad', [y, gradient]);
  }

  /** Gradient before a tanh whose result was y: gradient * (1 - y^2). */
  tanhGradient(y: Output, gradient: Output): Output {
    return this.#float('TanhGrad', [y, gradient]);
  }

  /** Adds a vector to every row. */
  biasAdd(a: Output, bias: Output): Output {
    return this.#float('BiasAdd', [a, bias]);
  }

  /** Sum of tensors of one shape. */
  sum(parts: readonly Output[]): Output {
    if (parts.length === 1) return single(parts);
    return this.#float('AddN', parts, { N: { int: parts.length } });
  }

  /** Half the sum of squares of all elements, a scalar. */
  halfSquaredNorm(a: Output): Output {
    return this.#float('L2Loss', [a]);
  }

  /** Sum of all elements of a vector, a scalar. */
  sumOfVector(a: Output): Output {
    return this.#float('Sum', [a, this.#constant('int32', [1], [0])], { Tidx: int });
  }

  /** The length (L2 norm) of each row, [rows, 1]. */
  rowNorms(a: Output): Output {
    const inputs = [a, this.#constant('int32', [1], [1])];
    return this.#float('EuclideanNorm', inputs, { Tidx: int, keep_dims: { bool: true } });
  }

  transpose(a: Output): Output {
    return this.#float('Transpose', [a, this.#constant('int32', [2], [1, 0])], { Tperm: int });
  }

  reshape(a: Output, shape: readonly number[]): Output {
    return this.#float('Reshape', [a, this.integers(shape)], { Tshape: int });
  }

  /** A copy in TensorFlow's own memory: never the caller's array, which may be reused immediately. */
  copy(a: Output): Output {
    return this.#float('DeepCopy', [a]);
  }

  concat(parts: readonly Output[], axis: 0 | 1): Output {
    if (parts.length === 1) return single(parts);
    const inputs = [...parts, this.#constant('int32', [], [axis])];
    return this.#float('ConcatV2', inputs, { N: { int: parts.length }, Tidx: int });
  }

  /** Splits along an axis into pieces of the given sizes. */
  split(a: Output, sizes: readonly number[], axis: 0 | 1, type: 'float32' | 'int32' = 'float32'): Output[] {
    if (sizes.length === 1) return [a];
    const even = sizes.every((size) => size === sizes[0]);
    const dimension = this.#constant('int32', [], [axis]);
    const pieces: Attribute = { int: sizes.length };
    const name = even
      ? this.graph.node('Split', [dimension, a], { T: { type }, num_split: pieces })
      : this.graph.node('SplitV', [a, this.integers(sizes), dimension], {
          T: { type },
          Tlen: int,
          num_split: pieces,
        });
    return sizes.map((_, index) => `${name}:${index}`);
  }

  /** Rows of a table, one for each index. */
  gatherRows(table: Output, indices: Output): Output {
    const inputs = [table, indices, this.#constant('int32', [], [0])];
    const attributes = { Tparams: float, Tindices: int, Taxis: int };
    return first(this.graph.node('GatherV2', inputs, attributes));
  }

  /** The gradient of gatherRows: row i of the result is the sum of those rows of `a` whose index is i. */
  scatterRows(a: Output, indices: Output, rows: number): Output {
    const inputs = [a, indices, this.#constant('int32', [], [rows])];
    return this.#float('UnsortedSegmentSum', inputs, { Tindices: int, Tnumsegments: int });
  }

  /** One row for each index, [indices, classes]: 1 at the index, 0 elsewhere. */
  oneHot(indices: Output, classes: number): Output {
    const inputs = [indices, this.#constant('int32', [], [classes]), this.scalar(1), this.scalar(0)];
    return this.#float('OneHot', inputs, { TI: int, axis: { int: -1 } });
  }

  /** Cross entropy of each row [rows] and its gradient [rows, classes]. */
  crossEntropy(logits: Output, labels: Output): { losses: Output; gradient: Output } {
    const name = this.graph.node('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], {
      T: float,
      Tlabels: int,
    });
    return { losses: `${name}:0`, gradient: `${name}:1` };
  }

  /** The same as crossEntropy, made of basic operations: TensorFlow's own GPU kernel adds in no fixed order. */
  writtenOutCrossEntropy(
    logits: Output,
    labels: Output,
    classes: number,
  ): { losses: Output; gradient: Output } {
    const wanted = this.oneHot(labels, classes);
    const logarithms = this.#float('LogSoftmax', [logits]);
    const sum = [this.multiply(wanted, logarithms), this.#constant('int32', [1], [1])];
    return {
      losses: this.#float('Neg', [this.#float('Sum', sum, { Tidx: int })]),
      gradient: this.subtract(this.#float('Softmax', [logits]), wanted),
    };
  }

  /** Packs scalars into one vector, so that a run returns a single tensor. Runs after the named nodes. */
  pack(scalars: readonly Output[], name: string, after: readonly string[]): void {
    const attributes = { T: float, N: { int: scalars.length }, axis: { int: 0 } };
    this.graph.node('Pack', scalars, attributes, { name, after });
  }

  /** `whenOne` if `flag`, an int32 scalar, is 1, and `whenZero` if it is 0. Nothing is copied, and what only the other one needs is not computed. */
  choose(flag: Output, whenZero: Output, whenOne: Output): Output {
    const condition = this.#condition(flag);
    const [zero, one] = [whenZero, whenOne].map((value) =>
      this.graph.node('Switch', [value, condition], { T: float }),
    );
    return this.#float('Merge', [`${zero}:0`, `${one}:1`], { N: { int: 2 } });
  }

  /** Gives an output a name to fetch it by; runs after the named nodes. */
  identity(a: Output, name: string, after: readonly string[]): void {
    this.graph.node('Identity', [a], { T: float }, { name, after });
  }

  #condition(flag: Output): Output {
    const known = this.#conditions.get(flag);
    if (known !== undefined) return known;
    const made = first(this.graph.node('Cast', [flag], { SrcT: int, DstT: { type: 'bool' } }));
    this.#conditions.set(flag, made);
    return made;
  }

  #float(op: string, inputs: readonly Output[], attributes: Record<string, Attribute> = {}): Output {
    return first(this.graph.node(op, inputs, { T: float, ...attributes }));
  }

  #constant(type: 'float32' | 'int32', shape: readonly number[], values: readonly number[]): Output {
    const key = `${type} ${shape.join('x')} ${values.join(',')}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = { constant: { type, shape, values } };
    const made = first(this.graph.node('Const', [], { dtype: { type }, value }));
    this.#constants.set(key, made);
    return made;
  }
}

function first(name: string): Output {
  return `${name}:0`;
}

function single(parts: readonly Output[]): Output {
  const [only] = parts;
  if (only === undefined) throw new Error('no parts to join');
  return only;
}
