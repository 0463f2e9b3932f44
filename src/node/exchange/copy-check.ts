import { setImmediate as turn } from 'node:timers/promises';
import type { SamplingNetwork } from '../../engine/backends/backend.ts';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { startSampling } from '../../engine/sampling/sampler.ts';
import type { CopyCheck } from '../../shared/domain/exchange.ts';
import { recordSeparator } from '../../shared/domain/record-separator.ts';
import { defaultSampleSettings, seedsOf } from '../../shared/domain/sample-settings.ts';
import type { WritingPage } from '../../shared/domain/writing-page.ts';
import { CharloomError, describeProblem } from '../../shared/errors.ts';
import { findCopies, measureControl, readLearnedText, type Copies } from '../session/find-copies.ts';

interface CheckedModel {
  readonly network: SamplingNetwork;
  readonly metadata: CheckpointMetadata;
  readonly page: WritingPage;
  /** The text that the model was trained on; null if its path is unknown. */
  readonly textPath: string | null;
  readonly signal?: AbortSignal | undefined;
}

const samples = 3;
/** Symbols of a sample: long enough to show copies, short enough to be quick. */
const sampleLength = { least: 500, most: 3000 } as const;
const shownPassages = 3;
const shownCharacters = 300;
/** Symbols written between two turns of the event loop. */
const portion = 200;

/**
 * Writes samples as a page would, and finds the passages that occur word for word in the training text. If the text is missing or has changed, the result
 * says so; that is no error.
 * @throws CharloomError('cancelled')
 */
export async function checkCopies(model: CheckedModel): Promise<CopyCheck> {
  const { textPath, metadata, signal } = model;
  if (textPath === null) return { kind: 'unknown', reason: 'the training text is not here.' };
  try {
    const text = await readLearnedText(textPath, metadata, { signal });
    const written = await writeSamples(model);
    const found: Copies[] = [];
    for (const sample of written) found.push(await findCopies(text, sample, { signal }));
    const control = await measureControl(text, { signal });
    return { kind: 'compared', samples, ...together(written, found), control };
  } catch (error) {
    if (!(error instanceof CharloomError) || error.code === 'cancelled') throw error;
    return { kind: 'unknown', reason: describeProblem(error).slice(0, 1000) };
  }
}

async function writeSamples({
  network,
  metadata,
  page,
  signal,
}: CheckedModel): Promise<readonly (string | Uint8Array)[]> {
  const vocabulary = vocabularyFromSymbols(metadata.vocabulary, metadata.symbols);
  const separator = recordSeparator(metadata.settings.records);
  const length = Math.min(sampleLength.most, Math.max(sampleLength.least, page.length));
  const written: (string | Uint8Array)[] = [];
  for (const seed of seedsOf({ seed: page.seed, count: samples })) {
    const { temperature, openingWords: primeText } = page;
    const settings = { ...defaultSampleSettings, temperature, primeText, length, seed };
    const parts: string[] = [];
    const bytes: number[] = [];
    for (const { text, index } of startSampling(network, vocabulary, settings, separator).symbols()) {
      bytes.push(vocabulary.codes[index] ?? 0);
      if (parts.push(text) % portion !== 0) continue;
      await turn();
      if (signal?.aborted === true) throw new CharloomError('cancelled', 'The export was cancelled.');
    }
    written.push(vocabulary.mode === 'bytes' ? Uint8Array.from(bytes) : parts.join(''));
  }
  return written;
}

/** Combines several samples: their shares as one share, and the longest passages of all. */
function together(
  written: readonly (string | Uint8Array)[],
  found: readonly Copies[],
): Pick<Extract<CopyCheck, { kind: 'compared' }>, 'symbols' | 'found' | 'passages'> {
  const symbols = written.reduce((sum, sample) => sum + sample.length, 0);
  const copied = found.reduce((sum, { share }, index) => sum + share * (written[index]?.length ?? 0), 0);
  const passages = found
    .flatMap((copies, index) => copies.passages.map((passage) => ({ ...passage, sample: written[index] })))
    .toSorted((a, b) => b.length - a.length)
    .slice(0, shownPassages)
    .map(({ sample = '', start, end }) => wordsOf(sample, start, end));
  const longest = found.reduce((most, each) => Math.max(most, each.longest), 0);
  return { symbols, found: { share: symbols === 0 ? 0 : copied / symbols, longest }, passages };
}

function wordsOf(sample: string | Uint8Array, start: number, end: number): string {
  const words =
    typeof sample === 'string'
      ? sample.slice(start, end)
      : new TextDecoder().decode(sample.subarray(start, end));
  return Array.from(words.replaceAll(/\s+/gu, ' ').trim()).slice(0, shownCharacters).join('');
}
