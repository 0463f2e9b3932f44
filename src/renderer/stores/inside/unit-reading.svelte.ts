import type { StreamItem, StreamMessage } from '../../../shared/ipc/contract.ts';
import type { PropertyRequest, Unit } from '../../../shared/domain/inspected-properties.ts';
import { maxWindow, type InspectedPiece, type UnitScale } from '../../../shared/domain/inspection.ts';
import { emptyText, type WrittenText } from '../writing/written-text.ts';
import { readPages } from './read-pages.ts';

type Window = Extract<StreamItem<'models.inspect'>, { kind: 'window' }>;
type Question = Omit<Extract<StreamMessage<'models.inspect'>, { kind: 'window' }>, 'request'>;

/** What a unit does at the symbols of a text, and where a property holds. Columns as long as the text; NaN where not fetched yet. */
export interface UnitActivation {
  readonly unit: Unit;
  readonly property: PropertyRequest | null;
  readonly values: Float32Array;
  /** 1 where the property holds and 0 elsewhere, or its number; null if none was asked for. */
  readonly labels: Float32Array | null;
  readonly scale: UnitScale;
  /** Whether all of it has been fetched. */
  readonly isWhole: boolean;
}

/**
 * The text that a model has read, with the activation of one unit at every symbol: loaded window by window, the visible one first, each requested
 * when the previous one has arrived, so that another unit never waits behind this one.
 */
export class UnitReading {
  text = $state.raw<WrittenText>(emptyText);
  activation = $state.raw<UnitActivation | null>(null);

  /** Sends a question and returns its number. */
  readonly #ask: (question: Question) => number;
  #pieces: readonly InspectedPiece[] = [];
  #length = 0;
  /** Windows that are still to be fetched for the unit that is shown. */
  #queue: number[] = [];
  #asked: number | null = null;
  #wanted: Pick<UnitActivation, 'unit' | 'property'> | null = null;

  constructor(ask: (question: Question) => number) {
    this.#ask = ask;
  }

  /** Starts another text, of which nothing has been fetched. */
  begin(length: number, pieces: readonly InspectedPiece[]): void {
    this.#length = length;
    this.#pieces = pieces;
    this.text = emptyText;
    this.activation = null;
    this.#wanted = null;
    this.#queue = [];
    this.#asked = null;
  }

  /** Shows a unit and a property, unless they are shown already. The previous ones stay until the first window has arrived. */
  show(unit: Unit, property: PropertyRequest | null, from: number): void {
    if (this.#wanted?.unit === unit && this.#wanted.property === property) return;
    this.#wanted = { unit, property };
    const windows = Array.from({ length: Math.ceil(this.#length / maxWindow) }, (_, index) => index);
    // The text is assembled from its start; after that, the visible part comes first.
    const first = this.text.length < this.#length ? 0 : Math.floor(from / maxWindow);
    this.#queue = [...windows.slice(first), ...windows.slice(0, first)];
    this.#next();
  }

  hear({ request, start, texts, values, labels, scale }: Window): void {
    if (request !== this.#asked || this.#wanted === null) return;
    this.#asked = null;
    if (start === this.text.length) {
      const pages = [...this.text.pages, ...readPages(start, texts, this.#pieces)];
      this.text = { pages, length: start + texts.length };
    }
    const { unit, property } = this.#wanted;
    const before = this.activation;
    const isSame = before !== null && before.unit === unit && before.property === property;
    const activation = isSame ? before : this.#empty(unit, property, labels !== null);
    activation.values.set(values, start);
    if (labels !== null) activation.labels?.set(labels, start);
    this.activation = { ...activation, scale, isWhole: this.#queue.length === 0 };
    this.#next();
  }

  #empty(unit: Unit, property: PropertyRequest | null, isLabelled: boolean): Omit<UnitActivation, 'scale'> {
    const values = new Float32Array(this.#length).fill(Number.NaN);
    const labels = isLabelled ? new Float32Array(this.#length) : null;
    return { unit, property, values, labels, isWhole: false };
  }

  #next(): void {
    const window = this.#queue.shift();
    if (window === undefined || this.#wanted === null) return;
    const start = window * maxWindow;
    const count = Math.min(maxWindow, this.#length - start);
    this.#asked = this.#ask({ kind: 'window', ...this.#wanted, start, count });
  }
}
