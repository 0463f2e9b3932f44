import type { Bridge } from '../../../shared/ipc/contract.ts';
import {
  defaultSampleSettings,
  type DrawSettings,
  type SampleSettings,
} from '../../../shared/domain/sample-settings.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';
import { Writer } from './writer.svelte.ts';

/** How many texts are side by side, and what differs between them. */
export type Arrangement = 'one' | 'models' | 'temperatures' | 'ladder';
export type Pace = 'fast' | 'reading';

/** One of several texts written with the same opening words and seed. */
export interface WritingColumn {
  readonly writer: Writer;
  readonly model: ModelReference;
  readonly temperature: number;
}

/** From low to high: the range in which most models change from repeating themselves to inventing words. */
export const ladder = [0.3, 0.6, 0.9, 1.2] as const;
/** Symbols a second at reading speed: about 250 words a minute. */
const readingPace = 25;
/** Number of seeds to draw from: enough for a lifetime of attempts, and short enough to note down. */
const seeds = 1_000_000;
/** Symbols of the text that is written automatically: enough to show what a model can do. */
const greetingLength = 400;

/** The models and texts of the Write page: they stay while other pages are open. */
export class Writing {
  settings = $state.raw<SampleSettings>({ ...defaultSampleSettings, temperature: 0.8 });
  /** For the second text, if two temperatures are side by side. */
  otherTemperature = $state(1.2);
  pace = $state.raw<Pace>('fast');
  tinted = $state(false);
  arrangement = $state.raw<Arrangement>('one');
  model = $state.raw<ModelReference | null>(null);
  otherModel = $state.raw<ModelReference | null>(null);

  readonly #writers: readonly Writer[];
  readonly columns: readonly WritingColumn[] = $derived.by(() => this.#arrange());
  readonly isWriting = $derived.by(() => this.columns.some(({ writer }) => writer.status === 'writing'));
  /** Whether something will be written as soon as its model is loaded. */
  readonly isAwaited = $derived.by(
    () => this.#isWanted || this.columns.some(({ writer }) => writer.wish !== null),
  );
  /** Whether the shown text was written automatically, so that the page was not empty. */
  isGreeting = $state(false);
  /** Writing was requested before it was known which models there are. */
  #isWanted = $state(false);

  constructor(bridge: Bridge) {
    this.#writers = ladder.map(() => new Writer(bridge));
  }

  /** Loads what the columns need, and releases the rest. Called whenever columns change. */
  open(): void {
    for (const { writer, model } of this.columns) writer.open(model);
    for (const writer of this.#writers.slice(this.columns.length)) writer.close();
    if (this.#isWanted && this.columns.length > 0) this.write();
  }

  /** Writes a first text if there is none. Only when the page opens: a user who stops it wants it stopped. */
  greet(): void {
    const isEmpty = this.columns.every(({ writer }) => writer.settings === null && writer.wish === null);
    if (this.columns.length === 0 || !isEmpty || this.#isWanted) return;
    const length = Math.min(greetingLength, this.settings.length);
    for (const { writer, temperature } of this.columns) {
      writer.write({ ...this.settings, temperature, length, count: 1 }, 0);
    }
    this.isGreeting = true;
  }

  /** The page is closed: the current text is written to its end, then the models are released. */
  leave(): void {
    this.#isWanted = false;
    for (const writer of this.#writers) writer.close('done');
  }

  /** Starts new texts, each as soon as its model is loaded. */
  write(): void {
    this.isGreeting = false;
    this.#isWanted = this.columns.length === 0;
    const pace = this.pace === 'reading' ? readingPace : 0;
    for (const { writer, temperature } of this.columns) writer.write({ ...this.settings, temperature }, pace);
  }

  retry(): void {
    this.drawSeed();
    this.write();
  }

  continue(): void {
    this.isGreeting = false;
    for (const { writer, temperature } of this.columns) {
      writer.adjust(this.#adjustment(temperature));
      writer.continue(this.settings.length);
    }
  }

  stop(): void {
    this.#isWanted = false;
    for (const { writer } of this.columns) writer.stop();
  }

  /** Changes settings; those that may change while text streams apply immediately. */
  change(changes: Partial<SampleSettings>): void {
    this.settings = { ...this.settings, ...changes };
    this.#emit();
  }

  changeOtherTemperature(temperature: number): void {
    this.otherTemperature = temperature;
    this.#emit();
  }

  drawSeed(): void {
    this.settings = { ...this.settings, seed: Math.floor(Math.random() * seeds) };
  }

  /** Uses another symbol at a position, and continues to the requested length, or a little further. */
  take({ writer, temperature }: WritingColumn, position: number, index: number): void {
    this.isGreeting = false;
    writer.adjust(this.#adjustment(temperature));
    writer.take(position, index, Math.max(200, this.settings.length - position - 1));
  }

  #emit(): void {
    for (const { writer, temperature } of this.columns) {
      if (writer.status === 'writing') writer.adjust(this.#adjustment(temperature));
    }
  }

  #adjustment(temperature: number): DrawSettings {
    return { ...this.settings, temperature };
  }

  #arrange(): readonly WritingColumn[] {
    const { model, settings, arrangement } = this;
    if (model === null) return [];
    const parts = {
      one: [{ model, temperature: settings.temperature }],
      models: [
        { model, temperature: settings.temperature },
        { model: this.otherModel ?? model, temperature: settings.temperature },
      ],
      temperatures: [
        { model, temperature: settings.temperature },
        { model, temperature: this.otherTemperature },
      ],
      ladder: ladder.map((temperature) => ({ model, temperature })),
    }[arrangement];
    return parts.flatMap((part, index) => {
      const writer = this.#writers[index];
      return writer === undefined ? [] : [{ ...part, writer }];
    });
  }
}
