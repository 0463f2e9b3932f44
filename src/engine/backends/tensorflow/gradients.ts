import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';

/** Collects the partial gradients of each parameter (one per chunk and row group) until they are summed once. */
export class Gradients {
  readonly #partials = new Map<string, Output[]>();

  add(parameter: string, partial: Output): void {
    const known = this.#partials.get(parameter);
    if (known === undefined) this.#partials.set(parameter, [partial]);
    else known.push(partial);
  }

  total(tf: Operations, parameter: string): Output {
    return tf.sum(this.#partials.get(parameter) ?? []);
  }
}
