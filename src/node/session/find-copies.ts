import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { PassageSearch, type CopiedParts } from '../../engine/copying/passage-search.ts';
import {
  comparableBytes,
  comparableCorpus,
  comparableSample,
  type ComparableText,
} from '../../engine/copying/comparable.ts';
import { otherLineEnds } from '../../engine/dataset/line-ends.ts';
import { isTextKnown, type CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { Corpus, SymbolArray, Vocabulary } from '../../engine/dataset/corpus.ts';
import type { TranslatedText } from '../../engine/dataset/translated-text.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { shortestPassage, type CopiedShare } from '../../shared/domain/copying.ts';
import { CharloomError } from '../../shared/errors.ts';
import { planChunks } from '../../shared/planning/plan.ts';
import { stretchesBetween, type Stretch } from '../../shared/planning/streams.ts';
import { translateCorpus } from '../texts/corpus-queries.ts';
import { readTextFile } from '../texts/text-file.ts';
import type { ReadTextHooks } from '../texts/text-reading.ts';

/** A model's text, read as its run read it (in the model's own symbols), with the parts that the run learned from: stretches of its comparable form. */
export interface LearnedText {
  readonly corpus: Corpus;
  readonly comparable: ComparableText;
  readonly learned: readonly Stretch[];
  readonly keptAside: readonly Stretch[];
  /** The text itself, and the parts of it that comparable symbols come from: the rest may have other symbols. */
  readonly source: ComparableText;
  readonly sourceOf: (index: number) => number;
}

/** A passage of a sample. Places in the sample are UTF-16 units, so that they fit the string that was given. */
export interface CopiedPassage {
  readonly start: number;
  readonly end: number;
  /** Symbols. */
  readonly length: number;
  /** First symbol in the text, from 0, and the line it is in, from 1. */
  readonly position: number;
  readonly line: number;
}

export interface Copies extends CopiedShare {
  /** The longest first, at most `maxPassages`. */
  readonly passages: readonly CopiedPassage[];
  /** Every part covered by some passage, in order. */
  readonly covered: readonly { readonly start: number; readonly end: number }[];
}

const maxPassages = 50;
/** Symbols processed between two turns of the event loop. */
const portion = 1 << 20;
/** Symbols of the held-out text that the control uses, in pieces spread over it. */
const controlSymbols = 20_000;
/** In a comparable text, every carriage return has become one. */
const lineFeed = 10;

/**
 * Reads the text that a checkpoint's run learned from.
 * @throws CharloomError 'text-changed' when it is another text, and what readTextFile throws
 */
export async function readLearnedText(
  path: string,
  { settings, text: fingerprint, vocabulary, symbols: mode }: CheckpointMetadata,
  hooks: ReadTextHooks,
): Promise<LearnedText> {
  const { symbols, lineEnds, batchSize, sequenceLength, trainFraction, validationFraction } = settings;
  const text = await readTextFile(
    path,
    { symbols, lineEnds, encoding: fingerprint.encoding || undefined },
    hooks,
  );
  // Only the user can say which text an imported model was trained on.
  if (isTextKnown(fingerprint) && text.fingerprint.sha256 !== fingerprint.sha256) {
    throw new CharloomError('text-changed', `${path} is not this model’s training text.`, {
      fix: 'Import that text, unchanged.',
    });
  }
  const { corpus, sourceOf } = await inSymbolsOf(vocabularyFromSymbols(vocabulary, mode), text.corpus, hooks);
  const characters = corpus.symbols.length;
  const cut = { characters, batchSize, sequenceLength, trainFraction, validationFraction };
  const plan = planChunks({ ...cut, maxEpochs: 1, maxIterations: 0 });
  const comparable = comparableCorpus(corpus);
  const stretches = stretchesBetween(plan, 0, characters).map(({ place, start, end }) => ({
    ...{ place, start: comparable.indexOf(start), end: comparable.indexOf(end) },
  }));
  return {
    ...{ corpus, comparable, sourceOf },
    source: comparableCorpus(text.corpus),
    learned: stretches.filter(({ place }) => place === 'train'),
    keptAside: stretches.filter(({ place }) => place === 'validation' || place === 'test'),
  };
}

/** A run that started from a checkpoint with other symbols read its text in those. */
async function inSymbolsOf(
  vocabulary: Vocabulary,
  corpus: Corpus,
  { signal }: ReadTextHooks,
): Promise<{ readonly corpus: Corpus } & Pick<TranslatedText, 'sourceOf'>> {
  const { symbols, sourceOf } = await translateCorpus(corpus, vocabulary, { signal });
  return { corpus: symbols === corpus.symbols ? corpus : { ...corpus, vocabulary, symbols }, sourceOf };
}

/**
 * Finds passages of a sample that occur word for word in the parts of a text that a model was trained on. A sample of raw bytes belongs to a model of
 * bytes; its positions are in bytes.
 * @throws CharloomError('cancelled')
 */
export async function findCopies(
  text: LearnedText,
  sample: string | Uint8Array,
  hooks: ReadTextHooks = {},
): Promise<Copies> {
  const { comparable, corpus } = text;
  const { codes, offsets } =
    typeof sample === 'string' ? comparableSample(sample, corpus.vocabulary.mode) : comparableBytes(sample);
  const symbols = codes.map(comparable.symbolOf);
  const found = await searchIn(text, symbols, hooks);
  const unit = (symbol: number): number => offsets[symbol] ?? sample.length;
  const passages = found.passages.slice(0, maxPassages);
  const places = passages.map(({ position }) => text.sourceOf(comparable.positionOf(position)));
  const lines = linesOf(text, places.map(text.source.indexOf));
  return {
    ...shareOf(found, symbols.length),
    passages: passages.map(({ start, length }, index) => ({
      start: unit(start),
      end: unit(start + length),
      length,
      position: places[index] ?? 0,
      line: lines.get(text.source.indexOf(places[index] ?? 0)) ?? 1,
    })),
    covered: found.covered.map(({ start, length }) => ({ start: unit(start), end: unit(start + length) })),
  };
}

/** How much the author repeats: the same search, for held-out text; null if there is none. */
export async function measureControl(
  text: LearnedText,
  hooks: ReadTextHooks = {},
): Promise<CopiedShare | null> {
  const pieces = controlPieces(text);
  if (pieces.length === 0) return null;
  // The pieces are separated by a symbol that the text does not have, so that no passage runs from one into the next.
  const length = pieces.reduce((sum, piece) => sum + piece.length + 1, 0);
  const sample = new Int32Array(length).fill(-1);
  let at = 0;
  for (const piece of pieces) {
    sample.set(piece, at);
    at += piece.length + 1;
  }
  return shareOf(await searchIn(text, sample, hooks), length - pieces.length);
}

function controlPieces({ comparable, keptAside }: LearnedText): readonly SymbolArray[] {
  const wanted = Math.max(10 * shortestPassage, Math.ceil(controlSymbols / Math.max(1, keptAside.length)));
  const every = Math.max(1, Math.floor((keptAside.length * wanted) / controlSymbols));
  return keptAside
    .filter((_, index) => index % every === 0)
    .map(({ start, end }) => comparable.symbols.subarray(start, Math.min(end, start + wanted)))
    .filter((piece) => piece.length >= shortestPassage);
}

async function searchIn(
  { comparable, learned }: LearnedText,
  sample: Int32Array,
  { signal, onProgress }: ReadTextHooks,
): Promise<CopiedParts> {
  const search = new PassageSearch(sample, shortestPassage);
  for (const stretch of learned) {
    for (let from = stretch.start; from < stretch.end; from += portion) {
      search.scan(comparable.symbols, stretch, from, from + portion);
      onProgress?.(Math.min(stretch.end, from + portion) / comparable.symbols.length);
      await yieldToEventLoop();
      if (signal?.aborted) throw new CharloomError('cancelled', 'The search for copies was cancelled.');
    }
  }
  return search.finish();
}

function shareOf({ symbols, passages }: CopiedParts, length: number): CopiedShare {
  return { share: length === 0 ? 0 : symbols / length, longest: passages[0]?.length ?? 0 };
}

/** The line that each comparable symbol is in, from 1; reads the text once. */
function linesOf(
  { source: { symbols, symbolOf }, corpus }: LearnedText,
  positions: readonly number[],
): ReadonlyMap<number, number> {
  const codes = corpus.vocabulary.mode === 'characters' ? [lineFeed, ...otherLineEnds] : [lineFeed];
  const ends = new Set(codes.map(symbolOf));
  const lines = new Map<number, number>();
  let line = 1;
  let at = 0;
  for (const position of [...positions].sort((a, b) => a - b)) {
    for (; at < position; at++) if (ends.has(symbols[at] ?? -1)) line++;
    lines.set(position, line);
  }
  return lines;
}
