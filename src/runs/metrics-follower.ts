import { decodeMetric, type Metric } from '../node/files/metrics.ts';
import { openPlain } from '../node/files/plain-file.ts';
import { systemCode, withStorageErrors } from '../node/files/storage-error.ts';

const blockBytes = 1 << 20;

/** Reads a run's metrics as they grow: each call gives what has been added since the one before. Needs no lock. */
export class MetricsFollower {
  readonly #path: string;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whole new lines in order, in portions of about a megabyte; torn and damaged lines are passed over. */
  async *read(): AsyncGenerator<readonly Metric[]> {
    const file = await withStorageErrors('read the metrics', this.#path, () =>
      openPlain(this.#path).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      }),
    );
    if (file === undefined) return;
    try {
      const { size } = await file.stat();
      // A run that went on from an earlier save has cut its log: it is told anew.
      if (size < this.#offset) this.#offset = 0;
      while (this.#offset < size) {
        const block = Buffer.alloc(Math.min(blockBytes, size - this.#offset));
        const { bytesRead } = await withStorageErrors('read the metrics', this.#path, () =>
          file.read(block, 0, block.length, this.#offset),
        );
        const end = block.subarray(0, bytesRead).lastIndexOf(10) + 1;
        if (end === 0 && bytesRead < blockBytes) return;
        // A megabyte without a line end holds no line of ours.
        this.#offset += end === 0 ? bytesRead : end;
        yield decodeLines(block.toString('utf8', 0, end));
      }
    } finally {
      await file.close();
    }
  }
}

function decodeLines(text: string): readonly Metric[] {
  return text
    .split('\n')
    .map(decodeMetric)
    .filter((metric) => metric !== undefined);
}
