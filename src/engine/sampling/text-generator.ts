import {
  drawSettingsOf,
  type DrawSettings,
  type SampleSettings,
} from '../../shared/domain/sample-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { SamplingNetwork } from '../backends/backend.ts';
import type { Vocabulary } from '../dataset/corpus.ts';
import { encodeText, type UnknownCharacter } from '../dataset/encode-text.ts';
import { createSymbolWriter, indexByCode, type SymbolWriter } from '../dataset/vocabulary.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { draw, likeliest, probabilities } from './draw.ts';
import { Ending, type EarlyEnd } from './ending.ts';
import { guardedSymbols } from './repetition-guard.ts';
import { weigh } from './weigh.ts';
import { endsInWord } from './words.ts';

/** One symbol as it is written. */
export interface SampledSymbol {
  readonly index: number;
  /** What can be shown now; empty while the bytes of a character are incomplete. */
  readonly text: string;
  /** The symbol's probability before temperature and the other settings. */
  readonly probability: number;
  /** Probabilities of all symbols, [V], before all that; overwritten by the next symbol. */
  readonly distribution: Float64Array;
}

/** An alternative at a position, with its probability before temperature and the other settings. */
export interface Candidate {
  readonly index: number;
  readonly probability: number;
}

/** The start of a text as the model reads it. */
export interface Opening {
  readonly primeText: string;
  readonly unknown: readonly UnknownCharacter[];
  /** Symbols of the stop text that the model does not know; without a replacement, the stop text never occurs. */
  readonly stopUnknown: readonly UnknownCharacter[];
  /** True when the text is to end with its line but the model knows no line end. */
  readonly neverEndsLine: boolean;
}

/** Symbols between two snapshots of the network's state: going back re-reads at most this many. */
const snapshotEvery = 256;
/** UTF-16 units: a letter, its apostrophe, and the marks of both. */
const contextLength = 8;

/**
 * Writes with a network by sample.lua's rules, and allows changes. It starts from zero state; the opening words are read first, and the distribution
 * after the last of them gives the first new symbol; without opening words the first symbol is uniform. A model trained on records first reads the
 * symbol that starts one. The sampling settings (weigh.ts) may change between two symbols, the text may continue beyond its length, and any symbol
 * may be replaced. The same seed, settings and changes give the same text.
 */
export class TextGenerator {
  readonly #network: SamplingNetwork;
  readonly #vocabulary: Vocabulary;
  readonly #distribution: Float64Array;
  readonly #scratch: Float64Array;
  #settings: SampleSettings;
  /** The symbol that starts a record, dataset/records.ts; none if the model was trained on one stream. */
  readonly #mark: readonly number[];
  #prime: readonly number[] = [];
  #written: number[] = [];
  /** By position: the sampling state before the symbol there was chosen, and the logits it was chosen from. */
  #snapshots = new Map<number, { readonly state: Float32Array; readonly logits: Float32Array }>();
  #logits: Float32Array | undefined;
  #generator: RandomGenerator;
  #writer: SymbolWriter;
  readonly #ending: Ending;
  /** The end of everything read and written, as text: enough to tell whether a word continues. */
  #context = '';
  #length = 0;
  #stopped: EarlyEnd | undefined;

  /** @param separator the separator of the records that the model was trained on; null if it was trained on one stream */
  constructor(
    network: SamplingNetwork,
    vocabulary: Vocabulary,
    settings: SampleSettings,
    separator: string | null = null,
  ) {
    this.#network = network;
    this.#mark = separator === null ? [] : encodeText(separator, vocabulary).indices.slice(-1);
    this.#vocabulary = vocabulary;
    this.#settings = settings;
    this.#ending = new Ending(settings, vocabulary, separator);
    this.#distribution = new Float64Array(vocabulary.codes.length);
    this.#scratch = new Float64Array(vocabulary.codes.length);
    this.#generator = RandomGenerator.seeded('sampling', settings.seed);
    this.#writer = createSymbolWriter(vocabulary);
  }

  /**
   * Reads the opening words. Unknown symbols are replaced with the nearest known ones.
   * @param bytes what a model of bytes has written after them, which need not be text; bytes that the vocabulary lacks are left out
   */
  begin(bytes: readonly number[] = []): Opening {
    const reading = this.reading(bytes);
    for (;;) {
      const { done, value } = reading.next();
      if (done === true) return value;
    }
  }

  /** Does the same one symbol at a time, for a caller whose thread has other work too. */
  *reading(bytes: readonly number[] = []): Generator<undefined, Opening, undefined> {
    const { indices, text, unknown } = encodeText(this.#settings.primeText, this.#vocabulary);
    const byCode = indexByCode(this.#vocabulary);
    const known = bytes.map((byte) => byCode[byte] ?? -1).filter((index) => index >= 0);
    this.#prime = [...this.#mark, ...indices, ...known];
    this.#length = this.#settings.length;
    this.#network.resetSampling();
    this.#logits = undefined;
    for (const index of this.#prime) {
      this.#feed(index);
      yield;
    }
    this.#restartText();
    const { unknown: stopUnknown, neverEndsLine } = this.#ending;
    return { primeText: text, unknown, stopUnknown, neverEndsLine };
  }

  /** Symbols written so far. */
  get position(): number {
    return this.#written.length;
  }

  /** Why `next` returns nothing more; undefined while it does. */
  get end(): 'length' | EarlyEnd | undefined {
    if (this.#stopped !== undefined) return this.#stopped;
    return this.#written.length >= this.#length ? 'length' : undefined;
  }

  /** Changes the settings from the next symbol on. */
  adjust(settings: DrawSettings): void {
    this.#settings = { ...this.#settings, ...drawSettingsOf(settings) };
  }

  /** Allows `length` more symbols; a stop text or line end that was reached no longer ends the text. */
  extend(length: number): void {
    if (this.#stopped !== undefined) this.#ending.beginLine();
    this.#stopped = undefined;
    this.#length = this.#written.length + length;
  }

  /** Writes one symbol; undefined at the end. */
  next(): SampledSymbol | undefined {
    if (this.end !== undefined) return undefined;
    this.#keepSnapshot();
    const index = this.#choose();
    return this.#put(index);
  }

  /** The alternatives at a written position (or at the next one), likeliest first, `most` of them. */
  candidates(position: number, most: number): readonly Candidate[] {
    this.#checkPosition(position);
    const state = this.#network.readSamplingState().slice();
    const logits = this.#logits?.slice();
    this.#goTo(position);
    this.#readDistribution();
    const order = Array.from(this.#distribution.keys()).sort(
      (a, b) => (this.#distribution[b] ?? 0) - (this.#distribution[a] ?? 0) || a - b,
    );
    const candidates = order
      .slice(0, most)
      .map((index) => ({ index, probability: this.#distribution[index] ?? 0 }));
    this.#network.writeSamplingState(state);
    this.#logits = logits;
    return candidates;
  }

  /** Cuts the text at a position and puts this symbol there; up to `length` more may follow. */
  take(position: number, index: number, length: number): SampledSymbol {
    this.#checkPosition(position);
    if (index >= this.#vocabulary.codes.length) {
      throw new CharloomError('usage', `The model has no symbol number ${index}.`);
    }
    this.#goTo(position);
    this.#forgetFrom(position);
    this.#readDistribution();
    this.#length = position + 1 + length;
    this.#stopped = undefined;
    return this.#put(index);
  }

  #checkPosition(position: number): void {
    if (position <= this.#written.length) return;
    throw new CharloomError('usage', `Nothing is written at position ${position} yet.`);
  }

  /** Returns the network to its state before the symbol at `position` was chosen. */
  #goTo(position: number): void {
    const from = [...this.#snapshots.keys()]
      .filter((kept) => kept <= position)
      .reduce((a, b) => Math.max(a, b), -1);
    const snapshot = this.#snapshots.get(from);
    if (snapshot === undefined) {
      this.#network.resetSampling();
      this.#logits = undefined;
      for (const index of this.#prime) this.#feed(index);
    } else {
      this.#network.writeSamplingState(snapshot.state);
      this.#logits = snapshot.logits.slice();
    }
    for (const index of this.#written.slice(Math.max(0, from), position)) this.#feed(index);
  }

  /** Removes everything from a position; the random numbers continue as if drawn up to there. */
  #forgetFrom(position: number): void {
    this.#written.length = position;
    for (const kept of this.#snapshots.keys()) if (kept > position) this.#snapshots.delete(kept);
    this.#generator = RandomGenerator.seeded('sampling', this.#settings.seed);
    for (let drawn = 0; drawn <= position; drawn++) this.#generator.nextDouble();
    this.#restartText();
    for (const index of this.#written) this.#show(index);
  }

  /** The state after the opening words were read and before anything is written: bytes may end inside a character. */
  #restartText(): void {
    this.#writer = createSymbolWriter(this.#vocabulary);
    this.#context = '';
    for (const index of this.#prime) this.#show(index);
    this.#ending.restart();
    this.#stopped = undefined;
  }

  /** Adds the last read or written symbols to the text; returns the part that can be shown. */
  #show(index: number): string {
    const text = this.#writer.write(index);
    this.#context = (this.#context + text).slice(-contextLength);
    this.#stopped = this.#ending.add(text);
    return text;
  }

  #keepSnapshot(): void {
    const position = this.#written.length;
    if (this.#logits === undefined || position % snapshotEvery !== 0) return;
    const state = this.#network.readSamplingState().slice();
    this.#snapshots.set(position, { state, logits: this.#logits.slice() });
  }

  #feed(index: number): void {
    this.#logits = this.#network.sampleStep(index);
  }

  /** Before anything is read all symbols are equally likely. */
  #readDistribution(): void {
    if (this.#logits === undefined) this.#distribution.fill(1 / this.#distribution.length);
    else probabilities(this.#logits, 1, this.#distribution);
  }

  #choose(): number {
    this.#readDistribution();
    if (this.#logits === undefined) return this.#generator.nextBelow(this.#distribution.length);
    const { greedy, greedyInWords } = this.#settings;
    if (greedy || (greedyInWords && endsInWord(this.#context))) {
      weigh(this.#logits, { ...this.#settings, temperature: 1 }, this.#readBefore(), this.#scratch);
      // One number per symbol, so that random numbers depend only on the position.
      this.#generator.nextDouble();
      return likeliest(this.#scratch);
    }
    weigh(this.#logits, this.#settings, this.#readBefore(), this.#scratch);
    return draw(this.#scratch, this.#generator);
  }

  /** The symbols that the repetition guard looks back over. */
  #readBefore(): readonly number[] {
    if (this.#settings.repetitionGuard === 0) return [];
    const written = this.#written.slice(-guardedSymbols);
    const missing = guardedSymbols - written.length;
    return missing === 0 ? written : [...this.#prime.slice(-missing), ...written];
  }

  #put(index: number): SampledSymbol {
    this.#written.push(index);
    const text = this.#show(index);
    // The distribution is that of this symbol; feeding computes the logits of the next.
    const symbol = {
      index,
      text,
      probability: this.#distribution[index] ?? 0,
      distribution: this.#distribution,
    };
    this.#feed(index);
    return symbol;
  }
}
