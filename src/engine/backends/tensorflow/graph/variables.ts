import type { TensorShape } from '../../../../shared/domain/model-tensors.ts';
import { elementCount } from '../../../../shared/domain/model-tensors.ts';
import type { Attribute, Graph, Output } from './graph.ts';

const float: Attribute = { type: 'float32' };

/** A tensor that TensorFlow keeps between runs, on the device. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its value at the start of this run. */
  readonly value: Output;
  /** Writes a new value and returns the name of the writing node, for nodes that must wait for it. */
  assign(value: Output): string;
}

/** Declares variables; the sum of their sizes is what the network's memory forecast starts from. */
export class Variables {
  readonly #graph: Graph;
  #bytes = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  get bytes(): number {
    return this.#bytes;
  }

  declare({ name, shape }: TensorShape): Variable {
    const graph = this.#graph;
    this.#bytes += elementCount(shape) * 4;
    const attributes = { dtype: float, shape: { shape }, shared_name: { text: name } };
    const handle = `${graph.node('VarHandleOp', [], attributes, { name: `variable/${name}` })}:0`;
    const read = graph.node('ReadVariableOp', [handle], { dtype: float }, { name: `read/${name}` });
    const assign = (value: Output): string =>
      graph.node('AssignVariableOp', [handle, value], { dtype: float });
    return { name, shape, value: `${read}:0`, assign };
  }
}
