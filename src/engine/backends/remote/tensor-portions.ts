import { elementCount, type TensorShape } from '../../../shared/domain/model-tensors.ts';
import type { TensorData, TensorMap } from '../backend.ts';

/** Part of a tensor, as it is sent. */
export interface TensorPortion {
  readonly name: string;
  readonly shape: readonly number[];
  /** Elements of the tensor before this part. */
  readonly offset: number;
  readonly data: Float32Array;
}

/** Elements in one message, 4 MiB: small enough that no transport refuses it and that copying it does not hold up other messages. */
const portionElements = 2 ** 20;

/** Tensors in portions, in order. Each has its own buffer, because a copy of a view would include the whole underlying buffer. */
export function* portionsOf(tensors: TensorMap): Generator<TensorPortion> {
  for (const [name, { shape, data }] of tensors) {
    for (let offset = 0; offset < data.length; offset += portionElements) {
      yield { name, shape: [...shape], offset, data: data.slice(offset, offset + portionElements) };
    }
  }
}

interface Growing extends TensorData {
  received: number;
}

/** Reassembles tensors. Memory is allocated only for expected tensors, whatever is sent. */
export class TensorAssembly {
  readonly #expected: ReadonlyMap<string, readonly number[]>;
  readonly #tensors = new Map<string, Growing>();

  constructor(expected: readonly TensorShape[]) {
    this.#expected = new Map(expected.map(({ name, shape }) => [name, shape]));
  }

  /** @throws when the portion belongs to no expected tensor, or is out of order */
  add({ name, shape, offset, data }: TensorPortion): void {
    if (this.#expected.get(name)?.join() !== shape.join()) {
      throw new Error(`the tensor ${name} of shape [${shape.join(', ')}] was not expected`);
    }
    const tensor = this.#tensors.get(name) ?? this.#begin(name, shape);
    if (offset !== tensor.received || offset + data.length > tensor.data.length) {
      throw new Error(`a part of the tensor ${name} came out of order`);
    }
    tensor.data.set(data, offset);
    tensor.received += data.length;
  }

  /**
   * Returns the complete tensors, and starts over.
   * @throws if a part is missing
   */
  take(): TensorMap {
    const tensors = [...this.#tensors];
    this.#tensors.clear();
    for (const [name, { received, data }] of tensors) {
      if (received !== data.length) throw new Error(`a part of the tensor ${name} is missing`);
    }
    return new Map(tensors.map(([name, { shape, data }]) => [name, { shape, data }]));
  }

  #begin(name: string, shape: readonly number[]): Growing {
    const tensor = { shape, data: new Float32Array(elementCount(shape)), received: 0 };
    this.#tensors.set(name, tensor);
    return tensor;
  }
}
