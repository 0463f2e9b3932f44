import type { Bridge, OpenStream } from '../../../shared/ipc/contract.ts';
import type { Comparison } from '../../../shared/domain/copies.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';
import { bytesOf, textOf, unitsOf, type WrittenText } from './written-text.ts';

/** Whether a written text is copied from what its model learned from: asked for one text at a time; the answer holds for that text only. */
export class CopyCheck {
  status = $state.raw<'none' | 'comparing' | 'done' | 'failed'>('none');
  /** 0..1 */
  fraction = $state(0);
  comparison = $state.raw<Comparison | null>(null);
  problem = $state.raw<unknown>(null);
  /** The text that was compared. */
  subject = $state.raw<WrittenText | null>(null);
  readonly #bridge: Bridge;
  #stream: OpenStream<'models.copies'> | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  start(model: ModelReference, written: WrittenText): void {
    this.stop();
    this.status = 'comparing';
    this.fraction = 0;
    this.subject = written;
    // The bytes of a byte model need not be valid text; positions in them become positions in the shown text.
    const bytes = bytesOf(written);
    const params = { model, sample: bytes === null ? textOf(written) : [...bytes] };
    const stream = this.#bridge.open('models.copies', params, (item) => {
      if (this.#stream !== stream) return;
      if (item.kind === 'progress') {
        this.fraction = item.fraction;
        return;
      }
      this.comparison = bytes === null ? item : inUnits(item, unitsOf(written));
      this.status = 'done';
    });
    this.#stream = stream;
    stream.ended.catch((error: unknown) => {
      if (this.#stream !== stream) return;
      this.problem = error;
      this.status = 'failed';
    });
  }

  /** Cancels a comparison, and forgets the last one. */
  stop(): void {
    this.#stream?.close();
    this.#stream = null;
    this.status = 'none';
    this.comparison = null;
    this.problem = null;
    this.subject = null;
  }
}

/** Converts the places of a comparison from symbols to UTF-16 units. */
function inUnits(comparison: Comparison, units: readonly number[]): Comparison {
  const placed = <T extends { readonly start: number; readonly end: number }>(part: T): T => {
    return { ...part, start: units[part.start] ?? 0, end: units[part.end] ?? units.at(-1) ?? 0 };
  };
  return {
    ...comparison,
    passages: comparison.passages.map(placed),
    covered: comparison.covered.map(placed),
  };
}
