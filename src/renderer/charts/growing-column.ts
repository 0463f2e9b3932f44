/** Numbers that are only ever appended: a typed array with room to grow, so that appending a step copies nothing. */
export class GrowingColumn {
  #room: Float64Array<ArrayBuffer> = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view of the current values; it does not change when more are appended. */
  get values(): Float64Array<ArrayBuffer> {
    return this.#room.subarray(0, this.#length);
  }

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const larger = new Float64Array(2 * this.#room.length);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.#length++] = value;
  }

  last(): number | undefined {
    return this.#length === 0 ? undefined : this.#room[this.#length - 1];
  }

  /** Forgets everything from an index on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }
}
