import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { Vocabulary } from '../dataset/corpus.ts';
import { otherLineEnds } from '../dataset/line-ends.ts';
import { encodeText, type EncodedText, type UnknownCharacter } from '../dataset/encode-text.ts';

/** Why writing ends before its full length. */
export type EarlyEnd = 'stop-text' | 'line-end' | 'record-end';

const lineFeed = 10;
/** Ends a line only if the model knows no line feed that may follow it. */
const carriageReturn = 13;

/** Watches the written text for its end. The opening words do not count. */
export class Ending {
  /** The stop text as the model would write it. */
  readonly #stop: EncodedText;
  readonly #lineEnds: readonly string[];
  readonly #atLineEnd: boolean;
  /** The end of a record; empty if records do not end the text. */
  readonly #separator: string;
  #tail = '';
  #hasBegunLine = false;
  #hasBegunRecord = false;

  /** @param separator the separator of the records that the model was trained on; null if it was trained on one stream */
  constructor(
    { stop, stopAtLineEnd, stopAtRecord }: SampleSettings,
    vocabulary: Vocabulary,
    separator: string | null = null,
  ) {
    this.#separator = stopAtRecord ? (separator ?? '') : '';
    this.#stop = encodeText(stop, vocabulary);
    this.#atLineEnd = stopAtLineEnd;
    this.#lineEnds = lineEndsOf(vocabulary);
  }

  /** Characters of the stop text that the model does not know. */
  get unknown(): readonly UnknownCharacter[] {
    return this.#stop.unknown;
  }

  /** True when the text is to end with its line but the model knows no line end. */
  get neverEndsLine(): boolean {
    return this.#atLineEnd && this.#lineEnds.length === 0;
  }

  /** Resets to the state before anything is written. */
  restart(): void {
    this.#tail = '';
    this.#hasBegunLine = false;
    this.#hasBegunRecord = false;
  }

  /** Starts a new line or record: the next end belongs to it. */
  beginLine(): void {
    this.#hasBegunLine = false;
    this.#hasBegunRecord = false;
  }

  /** Processes the text of a symbol; returns why the text ends with it, undefined if it continues. */
  add(text: string): EarlyEnd | undefined {
    const kept = 2 * Math.max(1, this.#stop.text.length, this.#separator.length);
    this.#tail = (this.#tail + text).slice(-kept);
    // A byte that completes no character is shown with the symbol after it.
    const lineEnd = this.#lineEnds.find((each) => text.endsWith(each));
    const before = lineEnd === undefined ? text : text.slice(0, -lineEnd.length);
    // A carriage return may be half a line end: it does not start a line.
    if (before !== '' && before !== '\r') this.#hasBegunLine = true;
    if (this.#meetsStop()) return 'stop-text';
    if (this.#endsRecord(text)) return 'record-end';
    const endsLine = lineEnd !== undefined && this.#hasBegunLine;
    return this.#atLineEnd && endsLine ? 'line-end' : undefined;
  }

  #endsRecord(text: string): boolean {
    if (this.#separator === '') return false;
    const isOver = this.#tail.endsWith(this.#separator);
    // A separator with nothing before it ends no record.
    if (isOver && this.#hasBegunRecord) return true;
    this.#hasBegunRecord ||= text !== '' && !this.#separator.includes(text);
    return false;
  }

  #meetsStop(): boolean {
    const { text, unknown } = this.#stop;
    return (
      text !== '' && this.#tail.endsWith(text) && unknown.every(({ replacement }) => replacement !== null)
    );
  }
}

function lineEndsOf({ mode, codes }: Vocabulary): readonly string[] {
  const known = new Set(codes);
  const isKnown = (code: number): boolean =>
    mode === 'characters'
      ? known.has(code)
      : new TextEncoder().encode(String.fromCodePoint(code)).every((byte) => known.has(byte));
  const hasLineFeed = isKnown(lineFeed);
  return [lineFeed, carriageReturn, ...otherLineEnds]
    .filter((code) => isKnown(code) && !(code === carriageReturn && hasLineFeed))
    .map((code) => String.fromCodePoint(code));
}
