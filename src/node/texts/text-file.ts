import type { TextFingerprint } from '../../engine/checkpoints/content.ts';
import type { Corpus } from '../../engine/dataset/corpus.ts';
import type { EncodingGuess } from '../../engine/dataset/decoding/guess.ts';
import type { TextPlace } from '../../engine/dataset/survey/text-positions.ts';
import { changedText, SymbolEncoder } from '../../engine/dataset/symbol-encoder.ts';
import { allocateSymbols } from '../../engine/dataset/vocabulary.ts';
import {
  decodeSource,
  surveySource,
  type ReadTextHooks,
  type ReadTextOptions,
  type SurveyedText,
} from './text-reading.ts';
import { openTextSource, type TextSource } from './text-source.ts';

/** A text file in memory as indices (N bytes up to 256 distinct symbols). */
export interface TextFile {
  readonly path: string;
  readonly bytes: number;
  readonly corpus: Corpus;
  /** What the first pass found out. */
  readonly survey: SurveyedText;
  readonly fingerprint: TextFingerprint;
  readonly encoding: EncodingGuess;
  /** Bytes that could not be decoded and became U+FFFD: how many, and the first places. */
  readonly invalid: { readonly count: number; readonly places: readonly TextPlace[] };
}

/**
 * Reads a text in two passes: the first finds its encoding and vocabulary, the second stores it as indices. So the memory taken is the
 * indices (N bytes up to 256 distinct symbols) and a few megabytes, and nothing is ever copied to grow.
 * @throws CharloomError 'not-found', 'bad-text', 'bad-setting' (unknown encoding), 'storage', 'text-changed', 'cancelled'
 */
export async function readTextFile(
  path: string,
  options: ReadTextOptions = {},
  hooks: ReadTextHooks = {},
): Promise<TextFile> {
  return withSurvey(path, options, hooks, async (source, survey, rest) => {
    const symbols = await encodeSource(source, survey, options, rest);
    return {
      path,
      bytes: source.bytes,
      corpus: { vocabulary: survey.vocabulary, symbols, encoding: survey.encoding.encoding },
      survey,
      fingerprint: fingerprintOf(source, survey),
      encoding: survey.encoding,
      invalid: { count: survey.survey.invalid, places: survey.survey.places.get('invalid-bytes') ?? [] },
    };
  });
}

/** Progress after the first pass: it decodes and counts, so it takes a little longer than the second. */
const surveyShare = 0.6;

/** Opens a text, surveys it (first pass), and runs a second pass with the rest of the progress. */
export async function withSurvey<T>(
  path: string,
  options: ReadTextOptions,
  hooks: ReadTextHooks,
  secondPass: (source: TextSource, survey: SurveyedText, hooks: ReadTextHooks) => Promise<T>,
): Promise<T> {
  const source = await openTextSource(path);
  try {
    const survey = await surveySource(source, options, scaled(hooks, 0, surveyShare));
    return await secondPass(source, survey, scaled(hooks, surveyShare, 1));
  } finally {
    await source.close();
  }
}

/** Identifies the text, for run folders and checkpoints. */
export function fingerprintOf(source: TextSource, text: SurveyedText): TextFingerprint {
  return {
    sha256: text.sha256,
    bytes: source.bytes,
    encoding: text.encoding.encoding,
    characters: text.characters,
  };
}

/** The second reading: the text as indices into its vocabulary. */
async function encodeSource(
  source: TextSource,
  text: SurveyedText,
  options: ReadTextOptions,
  hooks: ReadTextHooks,
): Promise<Corpus['symbols']> {
  const symbols = allocateSymbols(text.vocabulary.codes.length, text.characters);
  const encoder = new SymbolEncoder(text.vocabulary, options.lineEnds ?? 'keep');
  let length = 0;
  await decodeSource(source, text.encoding, hooks, (block) => {
    length += encoder.encode(block, symbols, length);
  });
  if (length !== text.characters) throw changedText();
  return symbols;
}

/** The hooks of a part of the work that takes progress from `from` to `to`. */
function scaled(hooks: ReadTextHooks, from: number, to: number): ReadTextHooks {
  const { signal, onProgress } = hooks;
  return { signal, onProgress: onProgress && ((fraction) => onProgress(from + fraction * (to - from))) };
}
