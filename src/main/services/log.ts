import { appendFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolderSync } from '../../node/files/make-folder.ts';

const longest = 1 << 20;

/** Events, one line each, in a file that users can attach to a bug report. It never leaves the computer automatically. */
export class Log {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    try {
      makeFolderSync(dirname(path));
      const length = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (length > longest) renameSync(path, `${path}.old`);
    } catch {
      // A log that cannot be written must not prevent the application from starting.
    }
  }

  note(line: string): void {
    try {
      appendFileSync(this.#path, `${new Date().toISOString()} ${line.replaceAll('\n', '\n  ')}\n`);
    } catch {
      // As above.
    }
  }

  defect(error: unknown): void {
    this.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
