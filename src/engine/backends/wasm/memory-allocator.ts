/** Allocates regions of linear memory, first fit, and frees them. Networks are few and long-lived: a list is enough. */
export class MemoryAllocator {
  readonly #start: number;
  /** Allocated regions, ascending by address. */
  #taken: readonly { readonly address: number; readonly bytes: number }[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  /** Address of `bytes` bytes that overlap no other allocated region; aligned to 64 when `start` and all sizes are multiples of it. */
  allocate(bytes: number): number {
    let address = this.#start;
    for (const stretch of this.#taken) {
      if (stretch.address - address >= bytes) break;
      address = stretch.address + stretch.bytes;
    }
    this.#taken = [...this.#taken, { address, bytes }].sort((a, b) => a.address - b.address);
    return address;
  }

  release(address: number): void {
    this.#taken = this.#taken.filter((stretch) => stretch.address !== address);
  }
}
