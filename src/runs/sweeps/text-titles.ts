import { basename, dirname, join } from 'node:path';
import { sweepExtension, sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { readSweepRecord } from '../../node/sweeps/sweep-record.ts';

/** The titles of the texts of sweeps. Their runs read a copy in the sweep's folder, whose own name says nothing. */
export class SweepTextTitles {
  /** By the sweep's folder; its record is never changed. */
  readonly #known = new Map<string, string>();

  /**
   * The title in the record of the sweep that a run belongs to, by the path of the text that the run has learned from.
   * @returns undefined for the text of no sweep, and where the sweep is gone or cannot be read
   */
  async titleOf(runFolder: string, textPath: string): Promise<string | undefined> {
    const named = dirname(textPath);
    if (!named.endsWith(sweepExtension) || textPath !== sweepPaths(named).text) return undefined;
    // Beside the run first: both may have been copied or moved since.
    return (await this.#read(join(dirname(runFolder), basename(named)))) ?? this.#read(named);
  }

  async #read(folder: string): Promise<string | undefined> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const title = await readSweepRecord(folder).then(
      // Earlier sweeps of the command line have the path for a title.
      ({ text: { title, path } }) => (path.endsWith(title) ? basename(title) : title),
      () => undefined,
    );
    if (title !== undefined) this.#known.set(folder, title);
    return title;
  }
}
