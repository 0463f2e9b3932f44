import type { TextFingerprint } from '../../engine/checkpoints/content.ts';
import { planChunks } from '../../shared/planning/plan.ts';
import type { ChunkPlan, PlanInput } from '../../shared/planning/plan-types.ts';
import { BaselineCounter, type Baselines } from '../../engine/dataset/baselines/baselines.ts';
import type { EncodingGuess } from '../../engine/dataset/decoding/guess.ts';
import { inspectHealth } from '../../engine/dataset/health.ts';
import type { HealthFinding, HealthOptions } from '../../engine/dataset/health-types.ts';
import type { SymbolCount } from '../../engine/dataset/survey/symbol-count.ts';
import type { TextSurvey } from '../../engine/dataset/survey/text-survey.ts';
import { SymbolEncoder } from '../../engine/dataset/symbol-encoder.ts';
import { allocateSymbols } from '../../engine/dataset/vocabulary.ts';
import { fingerprintOf, withSurvey } from './text-file.ts';
import { decodeSource, type ReadTextHooks, type ReadTextOptions, type SurveyedText } from './text-reading.ts';
import type { TextSource } from './text-source.ts';

/** Everything there is to know about a text before training on it. */
export interface TextInspection {
  readonly path: string;
  readonly fingerprint: TextFingerprint;
  readonly encoding: EncodingGuess;
  /** N, symbols after decoding (and normalising line ends, if asked for). */
  readonly characters: number;
  /** Every symbol by code, with its count and the line of its first occurrence. */
  readonly symbols: readonly SymbolCount[];
  readonly lines: number;
  readonly lineEnds: TextSurvey['lineEnds'];
  /** Chunk counts, dropped tail, iterations, warnings with their fixes. */
  readonly plan: ChunkPlan;
  readonly baselines: Baselines;
  readonly health: readonly HealthFinding[];
}

/** How the text would be split: everything but its length, which the inspection finds. */
export type InspectionPlan = Omit<PlanInput, 'characters'>;

/**
 * Inspects a text of any size: one reading finds encoding, vocabulary and health, a second counts the baselines on the split that the
 * plan gives. Memory does not grow with the text (some tens of megabytes; up to 800 MB for vocabularies of thousands).
 * @throws CharloomError as readTextFile does.
 */
export async function inspectText(
  path: string,
  plan: InspectionPlan,
  options: ReadTextOptions & HealthOptions = {},
  hooks: ReadTextHooks = {},
): Promise<TextInspection> {
  return withSurvey(path, options, hooks, async (source, text, rest) => {
    const chunkPlan = planChunks({ ...plan, characters: text.characters });
    return {
      path,
      fingerprint: fingerprintOf(source, text),
      encoding: text.encoding,
      characters: text.characters,
      symbols: text.counts,
      lines: text.survey.lines,
      lineEnds: text.survey.lineEnds,
      plan: chunkPlan,
      baselines: await measureSource(source, text, chunkPlan, options, rest),
      health: inspectHealth(text, options),
    };
  });
}

async function measureSource(
  source: TextSource,
  text: SurveyedText,
  plan: ChunkPlan,
  options: ReadTextOptions,
  hooks: ReadTextHooks,
): Promise<Baselines> {
  const size = text.vocabulary.codes.length;
  const encoder = new SymbolEncoder(text.vocabulary, options.lineEnds ?? 'keep');
  const counter = new BaselineCounter(plan, size);
  let indices = allocateSymbols(size, 0);
  await decodeSource(source, text.encoding, hooks, (block) => {
    if (indices.length < block.codes.length) indices = allocateSymbols(size, block.codes.length);
    counter.add(indices, encoder.encode(block, indices, 0));
  });
  return counter.finish();
}
