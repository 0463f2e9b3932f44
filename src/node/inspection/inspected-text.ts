import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { SymbolArray, Vocabulary } from '../../engine/dataset/corpus.ts';
import { encodeText } from '../../engine/dataset/encode-text.ts';
import { findRecords, shuffleRecords } from '../../engine/dataset/records.ts';
import { allocateSymbols, indexByCode } from '../../engine/dataset/vocabulary.ts';
import { learnedPieces, otherPieces, type InspectedSymbols } from '../../engine/inspection/pieces.ts';
import { unitCount } from '../../engine/inspection/units.ts';
import { maxInspectedSymbols } from '../../shared/domain/inspection.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { assertNever, CharloomError } from '../../shared/errors.ts';
import { formatQuantity, formatShare } from '../../shared/format/numbers.ts';
import { planChunks } from '../../shared/planning/plan.ts';
import { stretchesBetween } from '../../shared/planning/streams.ts';
import { requireReadable } from '../session/left-out.ts';
import { translateCorpus } from '../texts/corpus-queries.ts';
import { readTextFile, type TextFile } from '../texts/text-file.ts';
import type { ReadTextHooks } from '../texts/text-reading.ts';

/** A text that a model is to read. */
export type TextToInspect =
  /** The one it learned from, unchanged. */
  | { readonly kind: 'learned'; readonly path: string }
  /** Any file; the text it learned from is known by its content. */
  | { readonly kind: 'file'; readonly path: string }
  /** What was just written; for a model of bytes, the bytes apply. */
  | { readonly kind: 'written'; readonly text: string; readonly bytes?: readonly number[] | undefined };

interface ReadText {
  readonly text: InspectedSymbols;
  /** Remarks on it. */
  readonly remarks: readonly string[];
}

/** Numbers that are kept for a search, one byte each. */
const maxNumbers = 200e6;

/** @throws CharloomError as openInspection does */
export async function readInspectedText(
  wanted: TextToInspect,
  metadata: CheckpointMetadata,
  vocabulary: Vocabulary,
  hooks: ReadTextHooks,
): Promise<ReadText> {
  switch (wanted.kind) {
    case 'written':
      return whole(encodeWritten(wanted, vocabulary), metadata, vocabulary, []);
    case 'learned':
    case 'file':
      return readFile(wanted, metadata, vocabulary, hooks);
    default:
      return assertNever(wanted);
  }
}

/** How many symbols of a text a model of this size reads. */
export function symbolLimit(spec: ModelSpec): number {
  return Math.min(maxInspectedSymbols, Math.floor(maxNumbers / unitCount(spec)));
}

async function readFile(
  { kind, path }: Exclude<TextToInspect, { kind: 'written' }>,
  metadata: CheckpointMetadata,
  vocabulary: Vocabulary,
  hooks: ReadTextHooks,
): Promise<ReadText> {
  const { settings, text: fingerprint } = metadata;
  const { symbols, lineEnds } = settings;
  const encoding = kind === 'learned' ? fingerprint.encoding : undefined;
  const file = await readTextFile(path, { symbols, lineEnds, encoding }, hooks);
  if (file.fingerprint.sha256 === fingerprint.sha256) return learned(file, metadata, vocabulary, hooks);
  if (kind === 'learned') {
    throw new CharloomError('text-changed', `${path} is not this model’s training text.`, {
      fix: 'Import that text, unchanged, or choose another text to read.',
    });
  }
  const translated = await translateCorpus(file.corpus, vocabulary, hooks);
  const characters = file.corpus.symbols.length;
  requireReadable('measuring', translated.lost, characters);
  const leftOut = translated.lost / Math.max(1, characters);
  const remarks =
    leftOut > 0 ? [`${formatShare(leftOut)} of the text is left out: the model does not know it.`] : [];
  return whole(translated.symbols, metadata, vocabulary, remarks);
}

/** In the order and the symbols in which the run read it, split as the run split it. */
async function learned(
  file: TextFile,
  { settings, spec }: CheckpointMetadata,
  vocabulary: Vocabulary,
  hooks: ReadTextHooks,
): Promise<ReadText> {
  const { records, seed, batchSize, sequenceLength, trainFraction, validationFraction } = settings;
  const corpus = settings.shuffleRecords ? shuffleRecords(file.corpus, records, seed) : file.corpus;
  const { symbols } = await translateCorpus(corpus, vocabulary, hooks);
  const characters = symbols.length;
  const cut = { characters, batchSize, sequenceLength, trainFraction, validationFraction };
  const plan = planChunks({ ...cut, maxEpochs: 1, maxIterations: 0 });
  const starts = findRecords({ symbols, vocabulary }, records)?.starts;
  const stretches = stretchesBetween(plan, 0, characters);
  const text = learnedPieces({ vocabulary, symbols, starts }, stretches, symbolLimit(spec));
  const hasHeldOut = text.pieces.some((piece) => !piece.learned);
  const remarks = hasHeldOut
    ? []
    : ['No part of the text was held out: the model has learned from what it is scored on.'];
  return { text: requireSymbols(text), remarks };
}

function whole(
  symbols: SymbolArray,
  { settings, spec }: CheckpointMetadata,
  vocabulary: Vocabulary,
  remarks: readonly string[],
): ReadText {
  const starts = findRecords({ symbols, vocabulary }, settings.records)?.starts;
  const limit = symbolLimit(spec);
  const text = requireSymbols(otherPieces({ vocabulary, symbols, starts }, limit));
  const isShortened = symbols.length > limit;
  const shortened = `Only the first ${formatQuantity(limit, 'symbol')} are read.`;
  return { text, remarks: isShortened ? [...remarks, shortened] : remarks };
}

function requireSymbols(text: InspectedSymbols): InspectedSymbols {
  if (text.length >= 2) return text;
  throw new CharloomError('data-too-small', 'There is nothing in this text that the model can read.', {
    fix: 'Choose another text.',
  });
}

function encodeWritten(
  { text, bytes }: Extract<TextToInspect, { kind: 'written' }>,
  vocabulary: Vocabulary,
): SymbolArray {
  const known = indexByCode(vocabulary);
  const indices =
    vocabulary.mode === 'bytes' && bytes !== undefined
      ? bytes.map((byte) => known[byte] ?? -1).filter((index) => index >= 0)
      : encodeText(text, vocabulary).indices;
  const symbols = allocateSymbols(vocabulary.codes.length, indices.length);
  symbols.set(indices);
  return symbols;
}
