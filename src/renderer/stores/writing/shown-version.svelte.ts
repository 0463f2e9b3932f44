import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import type { Choice, UnknownCharacter } from '../../../shared/domain/write.ts';
import { cutAt, emptyText, type WrittenText } from './written-text.ts';
import {
  WriterVersions,
  type EndReason,
  type LoadedModel,
  type SeriesText,
  type Version,
} from './versions.ts';

/** The version of a text that is shown, among all versions of it. */
export class ShownVersion {
  written = $state.raw<WrittenText>(emptyText);
  /** The opening words as the model reads them. */
  primeText = $state.raw('');
  /** Characters of the opening words that the model does not know. */
  unknown = $state.raw<readonly UnknownCharacter[]>([]);
  /** Settings of the text; null before the first. */
  settings = $state.raw<SampleSettings | null>(null);
  reason = $state.raw<EndReason | null>(null);
  /** Its authors; not always the model that is open. */
  authors = $state.raw<readonly LoadedModel[]>([]);
  /** Positions at which a model read the text again before it continued: random numbers start again there. */
  starts = $state.raw<readonly number[]>([]);
  alternatives = $state.raw<{ readonly position: number; readonly choices: readonly Choice[] } | null>(null);
  /** Which version is shown, from 0, and how many there are. */
  version = $state.raw({ at: 0, count: 1 });
  /** The texts requested together, if the shown text is one of several; here, the shown text is as it was when it was opened. */
  series = $state.raw<readonly SeriesText[]>([]);
  /** The number of its series, 0 for a single text. */
  protected seriesNumber = 0;
  readonly #versions = new WriterVersions();

  /** Stores the shown text, and shows a new version. */
  protected showNew(version: Version): void {
    this.#keep();
    this.#show(this.#versions.begin(version));
  }

  protected showAt(at: number): void {
    this.#keep();
    this.#show(this.#versions.go(at));
  }

  /** The shown version up to a position, as a text by these authors that belongs to no series. */
  protected cutVersion(position: number, authors: readonly LoadedModel[]): Version {
    return { ...this.#current(), authors, written: cutAt(this.written, position), series: 0 };
  }

  #keep(): void {
    this.#versions.keep(this.#current());
  }

  #current(): Version {
    const { written, primeText, unknown, settings, reason, authors, starts } = this;
    return { written, primeText, unknown, settings, reason, authors, starts, series: this.seriesNumber };
  }

  #show({ written, primeText, unknown, settings, reason, authors, starts, series }: Version): void {
    this.written = written;
    this.primeText = primeText;
    this.unknown = unknown;
    this.settings = settings;
    this.reason = reason;
    this.authors = authors;
    this.starts = starts;
    this.alternatives = null;
    this.version = this.#versions.place;
    this.seriesNumber = series;
    this.series = this.#versions.series;
  }
}
