import type { StreamItem } from '../../../shared/ipc/contract.ts';
import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import type { UnknownCharacter } from '../../../shared/domain/write.ts';
import { emptyText, type WrittenText } from './written-text.ts';

/** What the other side reports about a loaded model. */
export type LoadedModel = Extract<StreamItem<'models.write'>, { kind: 'ready' }>;

/** Why writing ended; lost: with the connection. */
export type EndReason = Extract<StreamItem<'models.write'>, { kind: 'ended' }>['reason'] | 'lost';

/** A text at one point in time, with what it was written with. */
export interface Version {
  readonly written: WrittenText;
  readonly primeText: string;
  readonly unknown: readonly UnknownCharacter[];
  readonly settings: SampleSettings | null;
  readonly reason: EndReason | null;
  /** Its authors, in order: several if another model continued it. */
  readonly authors: readonly LoadedModel[];
  /** Positions at which a model read the text again before it continued: random numbers start again there. */
  readonly starts: readonly number[];
  /** Texts requested together are numbered from 1; 0 for a single text. */
  readonly series: number;
}

/** A text of a series, and where it is among the versions. */
export interface SeriesText {
  readonly at: number;
  readonly version: Version;
}

/** A text that starts with its opening words. */
export function firstVersion(
  settings: SampleSettings | null,
  author: LoadedModel | null = null,
  series = 0,
): Version {
  return {
    written: emptyText,
    primeText: settings?.primeText ?? '',
    unknown: [],
    settings,
    reason: null,
    authors: author === null ? [] : [author],
    starts: [],
    series,
  };
}

/** The model that continues becomes the last author. A model that is loaded again counts as the same. */
export function withAuthor(
  authors: readonly LoadedModel[],
  author: LoadedModel | null,
): readonly LoadedModel[] {
  const last = authors.at(-1);
  if (author === null || (last !== undefined && nameOf(last) === nameOf(author))) return authors;
  return [...authors, author];
}

/** Distinguishes a model from every other that the user knows. */
function nameOf({ title, epoch, validationLoss, spec }: LoadedModel): string {
  return JSON.stringify([title, epoch, validationLoss, spec]);
}

/** Number of versions that are kept, besides those of the series that is being written. */
const most = 30;

/** Every text that was written or changed, oldest first; trying alternatives never loses a text. */
export class WriterVersions {
  #list: Version[] = [firstVersion(null)];
  #at = 0;

  get place(): { readonly at: number; readonly count: number } {
    return { at: this.#at, count: this.#list.length };
  }

  /** Replaces the shown version with its current state. */
  keep(version: Version): void {
    this.#list[this.#at] = version;
  }

  /** Adds a version at the end and shows it. If the text shown before is empty, it is dropped. */
  begin(version: Version): Version {
    if (this.#list[this.#at]?.written.length === 0) this.#list.splice(this.#at, 1);
    const others = this.#list.filter(({ series }) => series === 0 || series !== version.series);
    const kept = new Set(others.slice(1 - most));
    const isKept = (each: Version): boolean => kept.has(each) || !others.includes(each);
    this.#list = [...this.#list.filter(isKept), version];
    this.#at = this.#list.length - 1;
    return version;
  }

  /** Shows another version, or the nearest one there is. */
  go(at: number): Version {
    this.#at = Math.min(this.#list.length - 1, Math.max(0, at));
    return this.#list[this.#at] ?? firstVersion(null);
  }

  /** The texts requested together with the shown one, in order; none for a single text. */
  get series(): readonly SeriesText[] {
    const number = this.#list[this.#at]?.series ?? 0;
    if (number === 0) return [];
    return this.#list
      .map((version, at) => ({ at, version }))
      .filter(({ version }) => version.series === number);
  }
}
