import type { WriteStream } from 'node:tty';
import { escapeControlCharacters } from './escape-control-characters.ts';

type Stream = Pick<WriteStream, 'write' | 'once'> & { readonly isTTY?: boolean; readonly columns?: number };

export interface OutputStreams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/**
 * Where commands print. With `--json` stdout carries only JSON, so everything else goes through `note` to stderr. Commands
 * never use the streams or the console directly. Control characters are escaped for terminals: texts, names and models may come from anyone.
 */
export class Output {
  readonly json: boolean;
  readonly #streams: OutputStreams;

  constructor(json: boolean, streams: OutputStreams = process) {
    this.json = json;
    this.#streams = streams;
  }

  /** True if stdout is a terminal. */
  get interactive(): boolean {
    return !this.json && this.#streams.stdout.isTTY === true;
  }

  /** Width of the terminal; 80 where there is none. */
  get columns(): number {
    return this.#streams.stdout.columns ?? 80;
  }

  /** The result of a command: one JSON value, or text. */
  result(value: unknown, text: () => string): void {
    if (this.json) this.event(value);
    else this.line(text());
  }

  /** One line of JSON. Numbers that JSON cannot represent (NaN, infinity) become null. */
  event(value: unknown): void {
    this.#streams.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** A line of text; nothing with `--json`. */
  line(text = ''): void {
    if (!this.json) this.#streams.stdout.write(`${shown(text, this.#streams.stdout)}\n`);
  }

  /** Text as it is, without a line end; waits while the reader is slower than the writer. */
  async write(text: string): Promise<void> {
    await this.#send(shown(text, this.#streams.stdout));
  }

  /** Bytes as they are, for a file or another program. */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.#send(bytes);
  }

  async #send(content: string | Uint8Array): Promise<void> {
    if (this.#streams.stdout.write(content)) return;
    await new Promise<void>((resolve) => this.#streams.stdout.once('drain', resolve));
  }

  /** A remark about the result, on stderr. */
  note(text: string): void {
    this.#streams.stderr.write(`${shown(text, this.#streams.stderr)}\n`);
  }

  /** A status on stderr that replaces itself on a terminal; an empty text removes it. */
  status(text: string): void {
    if (this.#streams.stderr.isTTY === true)
      this.#streams.stderr.write(`\r\x1b[K${escapeControlCharacters(text)}`);
  }

  /** Redraws the last line of stdout; only for `interactive` output. */
  redraw(text: string): void {
    this.#streams.stdout.write(`\r\x1b[K${escapeControlCharacters(text)}`);
  }
}

/** A pipe or file gets every character unchanged. */
function shown(text: string, stream: Stream): string {
  return stream.isTTY === true ? escapeControlCharacters(text) : text;
}
