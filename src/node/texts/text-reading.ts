import { createHash } from 'node:crypto';
import type { SymbolMode, Vocabulary } from '../../engine/dataset/corpus.ts';
import { binaryFormat, knownFormat } from '../../engine/dataset/binary-formats.ts';
import type { DecodedBlock } from '../../engine/dataset/decoding/decoder.ts';
import { bytesEncoding, createDecoding } from '../../engine/dataset/decoding/encodings.ts';
import {
  forceEncoding,
  guessEncoding,
  guessLegacy,
  looksLikeLegacy,
  looksLikeUtf8,
  type EncodingGuess,
} from '../../engine/dataset/decoding/guess.ts';
import { normaliseCounts, type LineEnds } from '../../engine/dataset/line-ends.ts';
import type { SymbolCount } from '../../engine/dataset/survey/symbol-count.ts';
import { TextSurveyor, type TextSurvey } from '../../engine/dataset/survey/text-survey.ts';
import { changedText } from '../../engine/dataset/symbol-encoder.ts';
import { whyNoText } from '../../engine/dataset/unlikely-text.ts';
import { createVocabulary } from '../../engine/dataset/vocabulary.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { TextSource } from './text-source.ts';

export interface ReadTextOptions {
  /** Unicode characters (the default) or raw bytes as in char-rnn. */
  readonly symbols?: SymbolMode | undefined;
  /** Reads the file in this encoding, without guessing. */
  readonly encoding?: string | undefined;
  /** 'lf' turns CRLF and CR into LF; by default they are kept. */
  readonly lineEnds?: LineEnds | undefined;
}

export interface ReadTextHooks {
  readonly signal?: AbortSignal | undefined;
  /** Share of the work done, 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** What the first reading of a text finds out. */
export interface SurveyedText {
  readonly encoding: EncodingGuess;
  readonly survey: TextSurvey;
  /** Symbol counts after line ends are normalised (if asked for). */
  readonly counts: readonly SymbolCount[];
  /** N, their sum. */
  readonly characters: number;
  readonly vocabulary: Vocabulary;
  /** Of the file's bytes, lower-case hex. */
  readonly sha256: string;
}

const headBytes = 64 * 1024;

/** The first reading: decides on the encoding, counts the symbols, notes what looks odd. Memory does not grow with the text. */
export async function surveySource(
  source: TextSource,
  options: ReadTextOptions,
  hooks: ReadTextHooks,
): Promise<SurveyedText> {
  const head = await source.head(headBytes);
  const encoding = chooseEncoding(source.path, head, options);
  const first = await surveyAs(source, encoding, hooks);
  const isPresumedUtf8 = encoding.source === 'form' && encoding.encoding === 'utf-8';
  if (!isPresumedUtf8 || looksLikeUtf8(first.surveyor.tally()) || !looksLikeLegacy(first.sample)) {
    return requireText(source.path, summarise(first, encoding, options));
  }
  // It began like UTF-8, but is something else further on.
  const legacy = guessLegacy(first.sample);
  return requireText(source.path, summarise(await surveyAs(source, legacy, hooks), legacy, options));
}

/** A choice by the user overrides the guess. */
function requireText(path: string, text: SurveyedText): SurveyedText {
  if (text.characters === 0) {
    throw new CharloomError('bad-text', `${path} contains only a byte order mark.`);
  }
  const reason = text.encoding.source === 'forced' ? null : whyNoText(text.survey, text.encoding);
  if (reason !== null) throw noText(path, `not text (${reason})`);
  return text;
}

function chooseEncoding(path: string, head: Uint8Array, options: ReadTextOptions): EncodingGuess {
  if (options.symbols === 'bytes') {
    return { encoding: bytesEncoding, source: 'forced', confidence: 1, markBytes: 0, alternatives: [] };
  }
  if (options.encoding !== undefined) return forceEncoding(options.encoding, head);
  const guess = guessEncoding(head);
  const isWide = guess.encoding.startsWith('utf-16') || guess.encoding.startsWith('utf-32');
  const format = isWide ? (knownFormat(head) ?? formatOfWide(head, guess)) : binaryFormat(head);
  if (format === null) return guess;
  throw noText(path, format);
}

/** Document formats that consist of text may be in UTF-16 too. */
function formatOfWide(head: Uint8Array, { encoding, markBytes }: EncodingGuess): string | null {
  const { codes } = createDecoding(encoding).decode(head.subarray(markBytes, 4096));
  return knownFormat(Uint8Array.from(codes, (code) => (code < 256 ? code : 255)));
}

function noText(path: string, what: string): CharloomError {
  return new CharloomError('bad-text', `${path} is ${what}.`, { fix: { kind: 'save-as-text' } });
}

interface Pass {
  readonly surveyor: TextSurveyor;
  readonly sha256: string;
  /** Bytes around the first places that are not UTF-8. */
  readonly sample: Uint8Array;
}

async function surveyAs(source: TextSource, encoding: EncodingGuess, hooks: ReadTextHooks): Promise<Pass> {
  const surveyor = new TextSurveyor(encoding.encoding === bytesEncoding ? 'bytes' : 'characters');
  const hash = createHash('sha256');
  const samples: Uint8Array[] = [];
  await decodeSource(source, encoding, hooks, (block, piece) => {
    hash.update(piece);
    surveyor.add(block);
    if (block.invalid.length > 0 && samples.length < 8) samples.push(aroundWide(piece));
  });
  return { surveyor, sha256: hash.digest('hex'), sample: new Uint8Array(Buffer.concat(samples)) };
}

/** A few thousand bytes, from shortly before the first one outside ASCII. */
function aroundWide(piece: Uint8Array): Uint8Array {
  const at = piece.findIndex((byte) => byte > 0x7f);
  return piece.slice(Math.max(0, at - 512), at + 8192);
}

/** Reads a source from its beginning and passes on the decoded text, with the bytes it came from. */
export async function decodeSource(
  source: TextSource,
  encoding: EncodingGuess,
  { signal, onProgress }: ReadTextHooks,
  take: (block: DecodedBlock, piece: Uint8Array) => void,
): Promise<void> {
  const decoding = createDecoding(encoding.encoding);
  let position = 0;
  for await (const piece of source.pieces(signal)) {
    const mark = Math.max(0, Math.min(piece.length, encoding.markBytes - position));
    take(decoding.decode(mark > 0 ? piece.subarray(mark) : piece), piece);
    position += piece.length;
    onProgress?.(position / source.bytes);
  }
  if (position !== source.bytes) throw changedText();
  take(decoding.finish(), new Uint8Array(0));
}

function summarise(pass: Pass, encoding: EncodingGuess, options: ReadTextOptions): SurveyedText {
  const survey = pass.surveyor.finish();
  const counts =
    options.lineEnds === 'lf' ? normaliseCounts(survey.counts, survey.lineEnds.crlf) : survey.counts;
  return {
    encoding,
    survey,
    counts,
    characters: counts.reduce((sum, { count }) => sum + count, 0),
    vocabulary: createVocabulary(
      options.symbols ?? 'characters',
      counts.map(({ code }) => code),
    ),
    sha256: pass.sha256,
  };
}
