import { Buffer } from 'node:buffer';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setInterval, clearInterval } from 'node:timers';

const maxAtOnce = 1 << 16;

/**
 * Collects a program's errors until it is known whether to show them. A file and not a pipe, because programs that it starts (a browser, for
 * example) write there long after both have ended.
 */
export class HeldErrors {
  #folder = mkdtempSync(join(tmpdir(), 'charloom-start-'));
  /** For the program's stderr. */
  file = openSync(join(this.#folder, 'errors.txt'), 'w+');
  #shown = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** Everything so far. */
  text() {
    return this.#read(0).toString();
  }

  /** Shows everything so far, and from now on whatever is added. */
  follow() {
    this.show();
    this.#timer ??= setInterval(() => this.show(), 200).unref();
  }

  /** Shows what has not been shown. */
  show() {
    const bytes = this.#read(this.#shown);
    this.#shown += bytes.length;
    if (bytes.length > 0) process.stderr.write(bytes);
  }

  /** Call when nothing is to be read any longer. */
  close() {
    clearInterval(this.#timer);
    closeSync(this.file);
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // Windows cannot remove a file that another program has open; the temporary folder is emptied eventually.
    }
  }

  /** @param {number} from */
  #read(from) {
    const pieces = [];
    for (let at = from; ;) {
      const piece = Buffer.alloc(maxAtOnce);
      const bytes = readSync(this.file, piece, 0, maxAtOnce, at);
      if (bytes === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, bytes));
      at += bytes;
    }
  }
}
