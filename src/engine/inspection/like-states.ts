import { cellOf } from '../../shared/domain/cells.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';

/** Outputs are between -1 and 1; a byte per output gives similarity to three digits. */
const scale = 127;

export interface LikePlace {
  readonly position: number;
  /** Cosine, -1..1. */
  readonly similarity: number;
}

/** The top layer's outputs at every position, to find places where the model is in a similar state. */
export class LikeStates {
  readonly #size: number;
  /** Number of the top layer's first output. */
  readonly #first: number;
  /** [position][unit]. */
  readonly #outputs: Int8Array;

  constructor(spec: ModelSpec, length: number) {
    this.#size = spec.rnnSize;
    this.#first = (spec.numLayers - 1) * cellOf(spec).states.length * spec.rnnSize;
    this.#outputs = new Int8Array(length * spec.rnnSize);
  }

  set(position: number, states: Float32Array): void {
    const target = position * this.#size;
    for (let unit = 0; unit < this.#size; unit++) {
      this.#outputs[target + unit] = Math.round((states[this.#first + unit] ?? 0) * scale);
    }
  }

  /** The `count` places with the most similar states, the most similar first, each at least `apart` symbols from the others and from the position itself. */
  find(position: number, count: number, apart: number): readonly LikePlace[] {
    const similarities = this.#similarities(position);
    const order = Uint32Array.from(similarities.keys()).sort(
      (a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0) || a - b,
    );
    const found: LikePlace[] = [];
    for (const place of order) {
      if (found.length === count) break;
      const isNear = [position, ...found.map((one) => one.position)].some(
        (other) => Math.abs(other - place) < apart,
      );
      if (!isNear) found.push({ position: place, similarity: similarities[place] ?? 0 });
    }
    return found;
  }

  #similarities(position: number): Float32Array {
    const size = this.#size;
    const own = this.#outputs.subarray(position * size, (position + 1) * size);
    const length = Math.hypot(...own);
    return Float32Array.from({ length: this.#outputs.length / size }, (_, place) => {
      let [product, squares] = [0, 0];
      for (let unit = 0; unit < size; unit++) {
        const value = this.#outputs[place * size + unit] ?? 0;
        product += value * (own[unit] ?? 0);
        squares += value * value;
      }
      return squares === 0 || length === 0 ? 0 : product / (length * Math.sqrt(squares));
    });
  }
}
