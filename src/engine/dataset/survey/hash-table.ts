/**
 * Counters by key, for millions of keys: open addressing in typed arrays, about 16 bytes per key where a Map takes 100. Keys are
 * whole numbers from 0 to 2^53 - 2. Two counters per key.
 */
export class CounterTable {
  /** Key + 1, so that fresh memory is an empty table. */
  #keys: Float64Array;
  #first: Uint32Array;
  #second: Uint32Array;
  #size = 0;

  constructor(capacity = 1024) {
    this.#keys = new Float64Array(capacity);
    this.#first = new Uint32Array(capacity);
    this.#second = new Uint32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds to both counters of a key, creating the key if it is new. */
  add(key: number, first: number, second: number): void {
    const slot = this.#slot(key);
    if (this.#keys[slot] === 0) {
      this.#keys[slot] = key + 1;
      this.#size += 1;
    }
    this.#first[slot] = (this.#first[slot] ?? 0) + first;
    this.#second[slot] = (this.#second[slot] ?? 0) + second;
    if (this.#size * 4 > this.#keys.length * 3) this.#rebuild(this.#keys.length * 2, () => true);
  }

  first(key: number): number {
    return this.#first[this.#slot(key)] ?? 0;
  }

  second(key: number): number {
    return this.#second[this.#slot(key)] ?? 0;
  }

  forEach(visit: (key: number, first: number, second: number) => void): void {
    for (let slot = 0; slot < this.#keys.length; slot += 1) {
      const stored = this.#keys[slot] ?? 0;
      if (stored > 0) visit(stored - 1, this.#first[slot] ?? 0, this.#second[slot] ?? 0);
    }
  }

  /** Drops every key for which `isKept` is false. */
  retain(isKept: (key: number) => boolean): void {
    this.#rebuild(this.#keys.length, isKept);
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = hashKey(key) & mask;
    for (;;) {
      const stored = this.#keys[slot];
      if (stored === key + 1 || stored === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rebuild(capacity: number, isKept: (key: number) => boolean): void {
    const [keys, first, second] = [this.#keys, this.#first, this.#second];
    this.#keys = new Float64Array(capacity);
    this.#first = new Uint32Array(capacity);
    this.#second = new Uint32Array(capacity);
    this.#size = 0;
    keys.forEach((stored, from) => {
      if (stored === 0 || !isKept(stored - 1)) return;
      const slot = this.#slot(stored - 1);
      this.#keys[slot] = stored;
      this.#first[slot] = first[from] ?? 0;
      this.#second[slot] = second[from] ?? 0;
      this.#size += 1;
    });
  }
}

/** Spreads a key over 32 bits. */
export function hashKey(key: number): number {
  const high = Math.floor(key / 4294967296);
  let mixed = Math.imul((key | 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
