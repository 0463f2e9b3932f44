import type { Bridge, OpenStream, StreamItem } from '../../../shared/ipc/contract.ts';
import {
  drawSettingsOf,
  seedsOf,
  type DrawSettings,
  type SampleSettings,
} from '../../../shared/domain/sample-settings.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';
import type { UnknownCharacter } from '../../../shared/domain/write.ts';
import { ShownVersion } from './shown-version.svelte.ts';
import { bytesOf, cutAt, replaceFrom, textOf, type WrittenText } from './written-text.ts';
import { SymbolBatches } from './symbol-batches.ts';
import { firstVersion, withAuthor, type EndReason, type LoadedModel } from './versions.ts';

type Item<K extends StreamItem<'models.write'>['kind']> = Extract<StreamItem<'models.write'>, { kind: K }>;

/** What the other side holds: its position 0 is our `base`. `whole` is false when it holds only what leads up to `base`. */
interface Held {
  readonly base: number;
  readonly whole: boolean;
}

/**
 * One model and its text. The other side keeps the network's state at every symbol; if it has another text than the shown one (an earlier version, a
 * restored connection), it first reads the shown text and continues from there.
 */
export class Writer extends ShownVersion {
  status = $state.raw<'closed' | 'loading' | 'idle' | 'writing' | 'failed'>('closed');
  model = $state.raw<LoadedModel | null>(null);
  /** Characters of the stop text that the model does not know. */
  stopUnknown = $state.raw<readonly UnknownCharacter[]>([]);
  /** True when the text was to end with its line but the model knows no line end. */
  neverEndsLine = $state.raw(false);
  checked = $state.raw<Omit<Item<'checked'>, 'kind'> | null>(null);
  problem = $state.raw<unknown>(null);
  /** What to write as soon as the model is loaded. */
  wish = $state.raw<{ readonly settings: SampleSettings; readonly pace: number } | null>(null);

  reference: ModelReference | null = null;
  readonly #bridge: Bridge;
  readonly #batches: SymbolBatches;
  #stream: OpenStream<'models.write'> | null = null;
  #held: Held | null = null;
  /** Requested texts that have not started, the oldest first. Items that arrive before they start belong to an older one. */
  #awaited: { readonly shown: boolean }[] = [];
  #isProbing = false;
  #closesWhenDone = false;
  /** Seeds of the texts that are still to be written after this one. */
  #seeds: readonly number[] = [];
  #pace = 0;
  /** Number of the last requested series. */
  #lastSeries = 0;

  constructor(bridge: Bridge, schedule?: (flush: () => void) => void) {
    super();
    this.#bridge = bridge;
    this.#batches = new SymbolBatches((position, texts, probabilities, bytes) => {
      this.written = replaceFrom(this.written, position, texts, probabilities, bytes);
    }, schedule);
  }

  /** Opens a model; does nothing if it is open already. The text stays. */
  open(reference: ModelReference): void {
    this.#closesWhenDone = false;
    if (this.#stream !== null && isSame(this.reference, reference)) return;
    this.close();
    if (!isSame(this.reference, reference)) this.model = null;
    this.reference = reference;
    this.status = 'loading';
    this.problem = null;
    const stream = this.#bridge.open('models.write', { model: reference }, (item) => {
      if (this.#stream === stream) this.#receive(item);
    });
    this.#stream = stream;
    stream.ended.catch((error: unknown) => {
      if (this.#stream !== stream) return;
      this.close();
      this.status = 'failed';
      this.problem = error;
    });
  }

  /** Releases the model, immediately or after it has written the requested text. The text stays. */
  close(when: 'now' | 'done' = 'now'): void {
    if (when === 'done' && this.status === 'writing') {
      this.#closesWhenDone = true;
      return;
    }
    this.#batches.flush();
    this.#stream?.close();
    this.#stream = null;
    this.wish = null;
    this.#forget();
    this.alternatives = null;
    this.status = 'closed';
  }

  /** Starts a new version of the text, or several one after another, each with the next seed; as soon as the model is loaded. */
  write(settings: SampleSettings, pace: number): void {
    if (this.#stream === null) return;
    if (this.status === 'loading') {
      this.wish = { settings, pace };
      return;
    }
    const [, ...others] = seedsOf(settings);
    this.#seeds = others;
    this.#pace = pace;
    this.#writeVersion(settings, others.length > 0 ? ++this.#lastSeries : 0);
  }

  #writeVersion(settings: SampleSettings, series: number): void {
    this.#batches.flush();
    this.showNew(firstVersion(settings, this.model, series));
    this.#begin(settings, 0);
  }

  continue(length: number): void {
    if (this.settings === null || this.#stream === null) return;
    this.#batches.flush();
    this.alternatives = null;
    this.authors = withAuthor(this.authors, this.model);
    if (this.#held?.whole === true) {
      this.#starts();
      this.#stream.send({ kind: 'continue', length });
      return;
    }
    const { primeText, bytes } = this.#readingOf(this.written);
    this.#pace = 0;
    this.starts = startsWith(this.starts, this.written.length);
    this.#begin({ ...this.settings, primeText, length }, this.written.length, bytes);
  }

  /** What the other side must read to know this text. Bytes that are not valid text would not survive as text. */
  #readingOf(written: WrittenText): { readonly primeText: string; readonly bytes?: readonly number[] } {
    const bytes = this.model?.symbols === 'bytes' ? bytesOf(written) : null;
    return bytes === null
      ? { primeText: this.primeText + textOf(written) }
      : { primeText: this.primeText, bytes: [...bytes] };
  }

  /** Also cancels what was to be written once the model is loaded. */
  stop(): void {
    this.wish = null;
    this.#seeds = [];
    if (this.status === 'writing') this.#stream?.send({ kind: 'stop' });
  }

  adjust(settings: DrawSettings): void {
    const adjustment = drawSettingsOf(settings);
    if (this.settings !== null) this.settings = { ...this.settings, ...adjustment };
    if (this.#held !== null) this.#stream?.send({ kind: 'adjust', adjustment });
  }

  check(text: string): void {
    this.#stream?.send({ kind: 'check', text });
  }

  /** Requests the alternatives at a position; the answer replaces `alternatives`. */
  look(position: number): void {
    if (this.settings === null || this.#stream === null) return;
    const isHeld =
      this.#held !== null && (this.#held.whole ? position >= this.#held.base : position === this.#held.base);
    if (!isHeld) {
      // Writes one symbol that is not used: it makes the other side read up to here.
      const { settings } = this;
      const { primeText, bytes } = this.#readingOf(cutAt(this.written, position));
      this.#held = { base: position, whole: false };
      this.#awaited.push({ shown: false });
      this.#send({ ...settings, primeText, length: 1 }, 0, bytes);
    }
    this.#stream.send({ kind: 'alternatives', position: position - (this.#held?.base ?? 0) });
  }

  /** Puts another symbol at a position and continues from there, as a new version. */
  take(position: number, index: number, length: number): void {
    if (this.settings === null || this.#held === null || this.#stream === null) return;
    this.#batches.flush();
    this.showNew(this.cutVersion(position, withAuthor(this.authors, this.model)));
    this.starts = startsWith(this.starts, this.#held.base);
    this.#held = { ...this.#held, whole: true };
    this.#seeds = [];
    this.#starts();
    this.#stream.send({ kind: 'take', position: position - this.#held.base, index, length });
  }

  showVersion(at: number): void {
    if (this.status === 'writing') return;
    this.#batches.flush();
    this.showAt(at);
    this.#forget();
  }

  #begin(settings: SampleSettings, base: number, bytes?: readonly number[]): void {
    this.#held = { base, whole: true };
    this.#awaited.push({ shown: true });
    this.#starts();
    this.#send(settings, this.#pace, bytes);
  }

  #send(settings: SampleSettings, pace: number, bytes: readonly number[] | undefined): void {
    const read = bytes === undefined ? {} : { bytes };
    this.#stream?.send({ kind: 'write', settings, pace, ...read });
  }

  #starts(): void {
    this.status = 'writing';
    this.reason = null;
  }

  #forget(): void {
    this.#held = null;
    this.#seeds = [];
    this.#awaited = [];
    this.#isProbing = false;
  }

  #receive(item: StreamItem<'models.write'>): void {
    switch (item.kind) {
      case 'ready':
        return this.#loaded(item);
      case 'begun':
        return this.#begun(item);
      case 'symbols':
        if (this.#isProbing || this.#awaited.length > 0) return;
        return this.#batches.add(
          (this.#held?.base ?? 0) + item.position,
          item.texts,
          item.probabilities,
          item.bytes,
        );
      case 'ended':
        return this.#ended(item.reason);
      case 'alternatives':
        this.alternatives = { position: item.position + (this.#held?.base ?? 0), choices: item.choices };
        return;
      case 'checked':
        this.checked = { text: item.text, unknown: item.unknown };
    }
  }

  /** The first time, and after a restored connection, when the other side knows nothing of the text. */
  #loaded(model: LoadedModel): void {
    this.#batches.flush();
    if (this.status === 'writing') this.reason = 'lost';
    this.model = model;
    this.#forget();
    this.status = 'idle';
    const { wish } = this;
    this.wish = null;
    if (wish !== null) this.write(wish.settings, wish.pace);
  }

  #begun({ primeText, unknown, stopUnknown, neverEndsLine }: Item<'begun'>): void {
    const begun = this.#awaited.shift();
    this.stopUnknown = stopUnknown;
    this.neverEndsLine = neverEndsLine;
    this.#isProbing = begun?.shown === false;
    if (this.#isProbing || this.#awaited.length > 0 || this.#held?.base !== 0) return;
    this.primeText = primeText;
    this.unknown = unknown;
  }

  #ended(reason: EndReason): void {
    if (this.#awaited.length > 0) return;
    if (this.#isProbing) {
      this.#isProbing = false;
      return;
    }
    this.#batches.flush();
    this.reason = reason;
    const [seed, ...others] = this.#seeds;
    if (seed !== undefined && this.settings !== null) {
      this.#seeds = others;
      return this.#writeVersion({ ...this.settings, seed }, this.seriesNumber);
    }
    this.status = 'idle';
    if (this.#closesWhenDone) this.close();
  }
}

/** Where random numbers start again in a text that is written again from a position; 0 is where they start anyway. */
function startsWith(starts: readonly number[], position: number): readonly number[] {
  const before = starts.filter((start) => start < position);
  return position === 0 ? before : [...before, position];
}

function isSame(a: ModelReference | null, b: ModelReference): boolean {
  return a !== null && JSON.stringify(a) === JSON.stringify(b);
}
