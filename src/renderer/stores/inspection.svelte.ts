import type { Bridge, OpenStream } from '../../shared/ipc/contract.ts';
import type { BaselineLosses, Cut, InspectItem, Reading, TextReport } from '../../shared/domain/text.ts';
import { CharloomError } from '../../shared/errors.ts';

export interface Found {
  readonly search: string;
  readonly total: number;
  readonly positions: readonly number[];
  readonly ends: readonly number[];
}

/** What would become of a text in the vocabulary of a model. */
export type Translated = Extract<InspectItem, { kind: 'translated' }>;

/** One open text: read once, then asked for excerpts and measurements until it is closed. */
export class Inspection {
  progress = $state.raw<{ readonly fraction: number; readonly doing: 'reading' | 'measuring' } | null>(null);
  report = $state.raw<TextReport | null>(null);
  baselines = $state.raw<BaselineLosses | null>(null);
  /** The split that the baselines belong to. */
  measured = $state.raw<Cut | null>(null);
  found = $state.raw<Found | null>(null);
  /** The answer to the last question of that kind; null until it arrives. */
  translated = $state.raw<Translated | null>(null);
  problem = $state.raw<CharloomError | null>(null);
  /** True once the process that held the text has been released; what it reported is kept. */
  isResting = $state(false);

  readonly text: string;
  readonly reading: Reading;
  readonly #before: TextReport | null;
  readonly #stream: OpenStream<'texts.inspect'>;
  #translations = 0;
  #listeners: readonly ((item: InspectItem) => void)[] = [];

  /** @param before the report of an earlier reading of the same text */
  constructor(bridge: Bridge, text: string, reading: Reading, cut: Cut, before: TextReport | null = null) {
    this.text = text;
    this.reading = reading;
    this.#before = before;
    this.#stream = bridge.open('texts.inspect', { text, reading, cut }, (item) => this.#receive(item));
    this.#stream.ended.catch((error: unknown) => {
      this.progress = null;
      this.problem = error instanceof CharloomError ? error : new CharloomError('bad-text', String(error));
    });
  }

  /**
   * The current report, or during a new reading the previous one. A getter, because an effect of a page creates inspections, and derived values end
   * with the effect that created them.
   */
  get known(): TextReport | null {
    return this.report ?? (this.problem === null ? this.#before : null);
  }

  /** Asks for `count` symbols from `start` on; the answer goes to the listeners. */
  show(start: number, count: number): void {
    this.#stream.send({ kind: 'excerpt', start, count });
  }

  measure(cut: Cut): void {
    this.#stream.send({ kind: 'measure', cut });
  }

  find(search: string): void {
    this.#stream.send({ kind: 'find', search });
  }

  /** Asks what would become of the text in these symbols. */
  translate(vocabulary: readonly string[]): void {
    this.translated = null;
    this.#stream.send({ kind: 'translate', request: ++this.#translations, vocabulary });
  }

  /** Rejects with what went wrong; resolves once it is closed. */
  get ended(): Promise<unknown> {
    return this.#stream.ended;
  }

  close(): void {
    this.#stream.close();
  }

  /** Releases the process that holds the text, which takes at least as many bytes of memory as the text has symbols. */
  rest(): void {
    this.close();
    this.progress = null;
    this.isResting = true;
  }

  /** Stops reading at the user's request. */
  stop(): void {
    this.close();
    this.progress = null;
    this.problem = new CharloomError('cancelled', 'You stopped reading the text before its end.');
  }

  /** Receives every item, including excerpts. Returns a function that stops it. */
  listen(listener: (item: InspectItem) => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  #receive(item: InspectItem): void {
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
        break;
      case 'translated':
        if (item.request === this.#translations) this.translated = item;
        break;
      case 'found':
        this.found = item;
        break;
    }
    for (const listener of this.#listeners) listener(item);
  }
}
