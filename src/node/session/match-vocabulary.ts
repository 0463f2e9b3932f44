import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import {
  joinVocabularies,
  vocabularyFromSymbols,
  vocabularySymbols,
} from '../../engine/dataset/vocabulary.ts';
import { widenParameters } from '../../engine/model/widen-parameters.ts';
import type { Advice } from '../../shared/advice.ts';
import { vocabularyMismatch, type VocabularyChoice } from '../../shared/domain/symbol-fit.ts';
import type { VocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import { assertNever, CharloomError } from '../../shared/errors.ts';
import { readCheckpointHeader } from '../files/checkpoint-files.ts';
import type { RunFolder } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import { translateCorpus } from '../texts/corpus-queries.ts';
import type { TextFile } from '../texts/text-file.ts';
import type { ReadTextHooks } from '../texts/text-reading.ts';
import { usedParameters } from '../../engine/model/used-parameters.ts';
import { requireReadable } from './left-out.ts';
import { findSnapshots } from './snapshots.ts';

/** A text and the checkpoint that a run on it starts from, in the same symbols. */
export interface MatchedStart {
  readonly text: TextFile;
  readonly initial: Checkpoint;
  /** Null where they had the same symbols from the beginning. */
  readonly use: VocabularyUse | null;
  /** Symbols that the checkpoint does not know or learn: their replacements, or that they were left out. */
  readonly unknown: readonly UnknownCharacter[];
}

/**
 * A model's inputs and outputs are indices into its vocabulary, so a run can start from a checkpoint only if text and checkpoint use the same
 * symbols: from the beginning, or converted as `choice` says.
 * @throws CharloomError('incompatible') naming the symbols that differ if there is no choice, or if the checkpoint can read almost nothing of the
 * text; 'cancelled'
 */
export async function matchVocabulary(
  text: TextFile,
  initial: Checkpoint,
  { choice, seed }: { readonly choice: VocabularyChoice | undefined; readonly seed: number },
  hooks: ReadTextHooks = {},
): Promise<MatchedStart> {
  const { metadata } = initial;
  const own = text.corpus.vocabulary;
  const mismatch = vocabularyMismatch({ symbols: own.mode, vocabulary: vocabularySymbols(own) }, metadata);
  if (mismatch === null) return { text, initial, use: null, unknown: [] };
  if (mismatch.kind === 'reading' || choice === undefined) {
    const fixes = {
      reading: { kind: 'read-symbols-as', symbols: metadata.symbols },
      vocabulary: { kind: 'match-vocabulary' },
    } as const satisfies Record<string, Advice>;
    throw new CharloomError('incompatible', mismatch.sentence, { fix: fixes[mismatch.kind] });
  }
  const known = vocabularyFromSymbols(metadata.vocabulary, metadata.symbols);
  switch (choice) {
    case 'keep':
      return keepSymbols(text, initial, known, hooks);
    case 'widen':
      return widenSymbols(text, initial, known, seed, hooks);
    default:
      return assertNever(choice);
  }
}

async function keepSymbols(
  text: TextFile,
  initial: Checkpoint,
  known: Vocabulary,
  hooks: ReadTextHooks,
): Promise<MatchedStart> {
  const { symbols, unknown, lost } = await translateCorpus(text.corpus, known, hooks);
  requireReadable('learning', lost, text.corpus.symbols.length);
  const replaced = unknown.reduce(
    (sum, { replacement, count }) => sum + (replacement === null ? 0 : count),
    0,
  );
  const use = {
    choice: 'keep',
    characters: symbols.length,
    known: known.codes.length,
    added: 0,
    replaced,
    leftOut: lost,
  } as const;
  return { text: inSymbols(text, known, symbols), initial, use, unknown };
}

async function widenSymbols(
  text: TextFile,
  initial: Checkpoint,
  known: Vocabulary,
  seed: number,
  hooks: ReadTextHooks,
): Promise<MatchedStart> {
  const after = joinVocabularies(known, text.corpus.vocabulary);
  const { symbols } = await translateCorpus(text.corpus, after, hooks);
  const [before, size] = [known.codes.length, after.codes.length];
  const { spec } = initial.metadata;
  const job = { spec, parameters: usedParameters(initial), before: known, after, seed };
  const metadata = {
    ...initial.metadata,
    spec: { ...spec, vocabularySize: size },
    vocabulary: vocabularySymbols(after),
    weights: 'trained',
  } as const;
  const use = {
    choice: 'widen',
    characters: symbols.length,
    known: before,
    added: size - before,
    replaced: 0,
    leftOut: 0,
  } as const;
  return {
    text: inSymbols(text, after, symbols),
    initial: { metadata, tensors: widenParameters(job) },
    use,
    unknown: [],
  };
}

/** The text of a resumed run, in the symbols that the run started with. */
export async function inSymbolsOfRun(
  text: TextFile,
  folder: RunFolder,
  record: RunRecord,
  hooks: ReadTextHooks,
): Promise<TextFile> {
  if (record.vocabulary === null) return text;
  const vocabulary = vocabularyFromSymbols(await symbolsOfRun(folder, record), text.corpus.vocabulary.mode);
  const { symbols } = await translateCorpus(text.corpus, vocabulary, hooks);
  return inSymbols(text, vocabulary, symbols);
}

/** From the checkpoint that the run started from, or from the run's own saves if that is missing. */
async function symbolsOfRun(folder: RunFolder, record: RunRecord): Promise<readonly string[]> {
  try {
    return (await readCheckpointHeader(folder.paths.initial)).metadata.vocabulary;
  } catch (error) {
    const [save] = (await findSnapshots(folder.paths, record)).saves;
    if (save === undefined || !(error instanceof CharloomError)) throw error;
    return save.metadata.vocabulary;
  }
}

function inSymbols(text: TextFile, vocabulary: Vocabulary, symbols: TextFile['corpus']['symbols']): TextFile {
  return { ...text, corpus: { ...text.corpus, vocabulary, symbols } };
}
