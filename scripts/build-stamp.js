// When out/ was built. Plain JavaScript: the launcher uses it on any Node.
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Marks a finished build with a file whose modification time is the start of the build. The built files cannot show that: the first of them is new as
 * soon as it is written, and a command started then would load half a program. A source that changes during the build is newer than the stamp, so the
 * next start builds again.
 */
export class BuildStamp {
  /** @param {string} path of the stamp */
  constructor(path) {
    this.path = path;
  }

  /**
   * Whether the build started after these files and folders last changed.
   * @param {readonly string[]} sources
   */
  isNewerThan(sources) {
    const stamp = statSync(this.path, { throwIfNoEntry: false });
    return stamp !== undefined && sources.every((source) => isOlder(source, stamp.mtimeMs));
  }

  /**
   * Builds, and writes the stamp if that succeeded.
   * @param {{ readonly generate: () => boolean, readonly build: () => boolean }} steps each returns whether it succeeded
   */
  around({ generate, build }) {
    rmSync(this.path, { force: true });
    if (!generate()) return false;
    const began = new Date();
    if (!build()) return false;
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, '');
    utimesSync(this.path, began, began);
    return true;
  }
}

/**
 * Whether a file, or everything in a folder, was last changed before a time.
 * @param {string} path
 * @param {number} time in milliseconds
 * @returns {boolean}
 */
function isOlder(path, time) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs <= time;
  return readdirSync(path).every((name) => isOlder(join(path, name), time));
}
