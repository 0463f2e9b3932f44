import type { Bridge, OpenStream } from '../../shared/ipc/contract.ts';
import type { BaselineLosses, Cut, InspectItem, Reading, TextReport } from '../../shared/ipc/schemas/text.ts';
import { CharloomError } from '../../shared/errors.ts';

export interface Excerpt {
  readonly start: number;
  readonly codes: readonly number[];
}

export interface Found {
  readonly search: string;
  readonly total: number;
  readonly positions: readonly number[];
}

/** One open text: read once, then asked for excerpts and measurements until it is closed. */
export class Inspection {
  progress = $state.raw<{ readonly fraction: number; readonly doing: 'reading' | 'measuring' } | null>(null);
  report = $state.raw<TextReport | null>(null);
  baselines = $state.raw<BaselineLosses | null>(null);
  /** The cut that the baselines belong to. */
  measured = $state.raw<Cut | null>(null);
  excerpt = $state.raw<Excerpt | null>(null);
  found = $state.raw<Found | null>(null);
  problem = $state.raw<CharloomError | null>(null);

  readonly text: string;
  readonly reading: Reading;
  readonly #stream: OpenStream<'texts.inspect'>;

  constructor(bridge: Bridge, text: string, reading: Reading, cut: Cut) {
    this.text = text;
    this.reading = reading;
    this.#stream = bridge.open('texts.inspect', { text, reading, cut }, (item) => this.#hear(item));
    this.#stream.ended.catch((error: unknown) => {
      this.progress = null;
      this.problem = error instanceof CharloomError ? error : new CharloomError('bad-text', String(error));
    });
  }

  /** Asks for `count` symbols from `start` on; the answer replaces `excerpt`. */
  show(start: number, count: number): void {
    this.#stream.send({ kind: 'excerpt', start, count });
  }

  measure(cut: Cut): void {
    this.#stream.send({ kind: 'measure', cut });
  }

  find(search: string): void {
    this.#stream.send({ kind: 'find', search });
  }

  close(): void {
    this.#stream.close();
  }

  #hear(item: InspectItem): void {
    switch (item.kind) {
      case 'progress':
        this.progress = item;
        break;
      case 'report':
        this.progress = null;
        this.report = item.report;
        break;
      case 'baselines':
        this.progress = null;
        this.measured = item.cut;
        this.baselines = item.baselines;
        break;
      case 'excerpt':
        this.excerpt = item;
        break;
      case 'found':
        this.found = item;
        break;
    }
  }
}
