import { openPlain } from '../node/files/plain-file.ts';
import { systemCode, withStorageErrors } from '../node/files/storage-error.ts';

const blockBytes = 1 << 20;

/** Reads a file of lines as it grows: each call gives what has been added since the one before. Needs no lock. */
export class LineFollower {
  readonly #path: string;
  readonly #action: string;
  #offset = 0;

  /** @param action what is being done, following "Could not": "read the metrics" */
  constructor(path: string, action: string) {
    this.#path = path;
    this.#action = action;
  }

  /**
   * Whole new lines in order, in portions of about a megabyte; none while there is no file.
   * @throws CharloomError('storage')
   */
  async *read(): AsyncGenerator<readonly string[]> {
    const file = await withStorageErrors(this.#action, this.#path, () =>
      openPlain(this.#path).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      }),
    );
    if (file === undefined) return;
    try {
      const { size } = await file.stat();
      // A run that resumed from an earlier save has cut its metrics: they are reported from the beginning.
      if (size < this.#offset) this.#offset = 0;
      while (this.#offset < size) {
        const block = Buffer.alloc(Math.min(blockBytes, size - this.#offset));
        const { bytesRead } = await withStorageErrors(this.#action, this.#path, () =>
          file.read(block, 0, block.length, this.#offset),
        );
        const end = block.subarray(0, bytesRead).lastIndexOf(10) + 1;
        if (end === 0 && bytesRead < blockBytes) return;
        // A megabyte without a line end holds no line of ours.
        this.#offset += end === 0 ? bytesRead : end;
        yield block
          .toString('utf8', 0, end)
          .split('\n')
          .filter((line) => line !== '');
      }
    } finally {
      await file.close();
    }
  }
}
