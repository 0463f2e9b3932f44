import type { Run } from '../../shared/domain/run.ts';
import type { RunLibrary } from './run-library.ts';

export type RunChange =
  /** A portion of all runs, newest first: the first has place 0, the last has none remaining. */
  | {
      readonly kind: 'runs';
      readonly place: number;
      readonly runs: readonly Run[];
      readonly remaining: number;
    }
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'removed'; readonly run: string };

/** Milliseconds between two checks of the runs folder: another process may train in it. */
const refreshIntervalMs = 2000;
/** Reading a large library or a slow disk takes long: reading may take no more than this share of the time. */
const lookingShare = 0.05;

/** Reports changes in the list of runs by any process: compares the last report with the current state. */
export class RunChanges {
  readonly #library: RunLibrary;
  readonly #onDefect: (error: unknown) => void;
  readonly #listeners = new Set<(change: RunChange) => void>();
  #told = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(library: RunLibrary, onDefect: (error: unknown) => void) {
    this.#library = library;
    this.#onDefect = onDefect;
  }

  /** The listener receives everything first, in portions, then each change until stopped. */
  async watch(listener: (change: RunChange) => void): Promise<() => void> {
    const runs: Run[] = [];
    await this.#library.read((portion) => {
      listener({ kind: 'runs', place: runs.length, ...portion });
      runs.push(...portion.runs);
    });
    this.#told = this.#listeners.size === 0 ? fingerprints(runs) : inCommon(this.#told, fingerprints(runs));
    this.#listeners.add(listener);
    if (this.#timer === undefined) this.#lookLater(refreshIntervalMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #lookLater(delayMs: number): void {
    const look = async (): Promise<void> => {
      const started = performance.now();
      await this.refresh();
      const tookMs = performance.now() - started;
      if (this.#listeners.size > 0) this.#lookLater(Math.max(refreshIntervalMs, tookMs / lookingShare));
    };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void look(), delayMs);
  }

  /** Checks now; a check that is under way is followed by another. */
  async refresh(): Promise<void> {
    if (this.#looking !== undefined) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#compare().catch(this.#onDefect);
    await this.#looking;
    this.#looking = undefined;
    if (!this.#again) return;
    this.#again = false;
    await this.refresh();
  }

  /** Checks one run, which is much less work. */
  async lookAt(id: string): Promise<void> {
    if (this.#listeners.size === 0) return;
    try {
      const run = await this.#library.get(id);
      const told = textOf(run);
      if (this.#told.get(id) === told) return;
      this.#told.set(id, told);
      this.#emit({ kind: 'run', run });
    } catch {
      await this.refresh();
    }
  }

  async #compare(): Promise<void> {
    if (this.#listeners.size === 0) return;
    const runs = await this.#library.list();
    const now = fingerprints(runs);
    for (const id of this.#told.keys()) if (!now.has(id)) this.#emit({ kind: 'removed', run: id });
    for (const run of runs) {
      if (this.#told.get(run.id) !== now.get(run.id)) this.#emit({ kind: 'run', run });
    }
    this.#told = now;
  }

  #emit(change: RunChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The library returns the same object for a run that has not changed. */
const texts = new WeakMap<Run, string>();

function textOf(run: Run): string {
  const known = texts.get(run);
  if (known !== undefined) return known;
  const text = JSON.stringify(run);
  texts.set(run, text);
  return text;
}

/** What all subscribers have received. A run that one of them may have missed gets '', which differs from any state: the next check reports it to all. */
function inCommon(
  earlier: ReadonlyMap<string, string>,
  latest: ReadonlyMap<string, string>,
): Map<string, string> {
  const ids = new Set([...earlier.keys(), ...latest.keys()]);
  return new Map(
    [...ids].map((id) => {
      const told = latest.get(id);
      return [id, told !== undefined && told === earlier.get(id) ? told : ''];
    }),
  );
}

function fingerprints(runs: readonly Run[]): Map<string, string> {
  return new Map(runs.map((run) => [run.id, textOf(run)]));
}
