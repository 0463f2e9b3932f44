import type { SymbolMode, Vocabulary } from '../../engine/dataset/corpus.ts';
import type { Sampling } from '../../engine/sampling/sampler.ts';
import { textHeading, withoutEmptyLines } from '../../shared/format/several-texts.ts';
import type { Output } from '../output.ts';

/** Milliseconds between two writes: smooth for the reader, without slowing the model. */
const writeEvery = 20;

/** One text of several. */
export interface TextPlace {
  /** From 1. */
  readonly number: number;
  readonly count: number;
  readonly seed: number;
  /** True if each text ends at a line end: then each is one line, otherwise each has a heading. */
  readonly isLine: boolean;
}

/**
 * Writes a text to standard output as it grows. A single text of a model of bytes goes to a file or a program as raw bytes, with
 * nothing after it; any other gets a line end, unless it was meant to end with one.
 */
export async function streamText(
  sampling: Sampling,
  vocabulary: Vocabulary,
  place: TextPlace,
  output: Output,
): Promise<void> {
  const pipe = new Pipe(output, vocabulary.mode);
  const isOne = place.count === 1;
  const isLine = place.isLine && !isOne;
  if (!isOne && !isLine) await pipe.write(heading(place));
  const put = async (piece: string): Promise<void> =>
    pipe.write(isLine && pipe.isEmpty ? withoutEmptyLines(piece) : piece);
  await put(pipe.asWritten(sampling.primeText));
  for (const { text, index } of sampling.symbols()) {
    await put(pipe.isRaw ? String.fromCharCode(vocabulary.codes[index] ?? 0) : text);
  }
  const hasLineEnd = pipe.endsLine && (place.isLine || !isOne);
  if (!hasLineEnd && !(isOne && pipe.isRaw)) await pipe.write('\n');
  await pipe.flush();
}

function heading({ number, count, seed }: TextPlace): string {
  return `${number === 1 ? '' : '\n'}${textHeading(number, count, seed)}\n`;
}

/** Buffers the text and flushes it at intervals. Raw bytes are stored as characters with their values. */
class Pipe {
  readonly isRaw: boolean;
  readonly #output: Output;
  #waiting = '';
  #last = '';
  #sent = performance.now();

  constructor(output: Output, mode: SymbolMode) {
    this.#output = output;
    this.isRaw = mode === 'bytes' && !output.interactive;
  }

  get isEmpty(): boolean {
    return this.#last === '';
  }

  get endsLine(): boolean {
    return this.#last === '\n';
  }

  /** A text in the form that `write` takes. */
  asWritten(text: string): string {
    return this.isRaw ? Buffer.from(text).toString('latin1') : text;
  }

  async write(piece: string): Promise<void> {
    this.#waiting += piece;
    this.#last = piece.at(-1) ?? this.#last;
    // A carriage return and the line feed after it are one line end on a terminal.
    if (performance.now() - this.#sent < writeEvery || this.#waiting.endsWith('\r')) return;
    await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    this.#sent = performance.now();
    await (this.isRaw ? this.#output.writeBytes(Buffer.from(text, 'latin1')) : this.#output.write(text));
  }
}
