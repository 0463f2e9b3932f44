import type { Backend, NetworkOptions } from '../../engine/backends/backend.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { EncodingGuess } from '../../engine/dataset/decoding/guess.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import type { VocabularyChoice } from '../../shared/domain/symbol-fit.ts';
import type { VocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { Advice } from '../../shared/advice.ts';
import type { RunEvent } from '../../shared/domain/run-event.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { TrainingEnd } from '../../shared/domain/run-end.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { Sample } from '../../shared/domain/run.ts';
import type { RunRecord } from '../files/run-record.ts';

/** What every session needs. */
interface SessionOptions {
  /** Called with the model to train once the run can start; the session disposes the result. */
  readonly loadBackend: (spec: ModelSpec, options: NetworkOptions) => Promise<Backend>;
  /** Milliseconds between two resume points; a minute except in tests. */
  readonly resumePointIntervalMs?: number;
  /** Writes a sample with these settings at every checkpoint, into `samples.jsonl`; the run's own numbers do not depend on it. */
  readonly samples?: SampleSettings | undefined;
}

export interface StartRunOptions extends SessionOptions {
  readonly textPath: string;
  /** Reads the text in this encoding, without guessing. */
  readonly encoding?: string | undefined;
  readonly settings: RunSettings;
  /** Where the run's folder is created; the user's runs folder by default. */
  readonly runsFolder?: string | undefined;
  /** The folder that is reserved for this run (reserveRun); no other is created then. */
  readonly folder?: string | undefined;
  /**
   * The folder belongs to this run without being reserved: it is created if it does not exist, and a process on another computer may have started in
   * it.
   */
  readonly isFolderOwn?: boolean | undefined;
  /** A checkpoint whose model and weights the run starts from. */
  readonly initFrom?: string | undefined;
  /** What becomes of its symbols if the text has others; without it such a checkpoint is refused. */
  readonly vocabulary?: VocabularyChoice | undefined;
}

export interface ResumeRunOptions extends SessionOptions {
  /** The run's folder. */
  readonly folder: string;
  /** Where the text is now, if it has moved. */
  readonly textPath?: string | undefined;
  /** Changed settings; only the length of the run and its reaction to an explosion may change. */
  readonly changes?: { readonly [K in keyof RunSettings]?: RunSettings[K] | undefined };
  /** Takes it from a process on another computer that cannot be checked: the user knows that it has ended. */
  readonly takeOver?: boolean | undefined;
}

/** What is known when a run starts or resumes. */
export interface SessionStart {
  readonly folder: string;
  readonly isResumed: boolean;
  /** Iterations already done. */
  readonly iteration: number;
  readonly record: RunRecord;
  readonly plan: ChunkPlan;
  readonly encoding: EncodingGuess;
  /** Number of trainable parameters, counted as char-rnn does. */
  readonly parameters: number;
  /** Bytes the network holds. */
  readonly memoryBytes: number;
}

export interface KeptCheckpoint {
  readonly path: string;
  readonly validationLoss: number;
}

/** Callbacks. All are optional, and none may throw. */
export interface SessionHooks {
  /** Share of the text read, 0..1. */
  onReading?(fraction: number): void;
  /** The run starts from a checkpoint with other symbols than the text; called before it starts. */
  onVocabulary?(use: VocabularyUse, unknown: readonly UnknownCharacter[]): void;
  onStart?(start: SessionStart): void;
  /** The events of the run, in order; what is logged is already in the log. */
  onEvent?(event: RunEvent): void;
  /** Share of the validation split measured, 0..1. */
  onEvaluationProgress?(fraction: number): void;
  onSample?(sample: Sample): void;
  /** A remark of one or two sentences, and what to do about it. */
  onNotice?(message: string, advice?: Advice): void;
}

export interface SessionOutcome {
  readonly folder: string;
  readonly end: TrainingEnd;
  /** Iterations done. */
  readonly iteration: number;
  /** The run's checkpoint with the lowest validation loss; null when there is none. */
  readonly best: KeptCheckpoint | null;
  /** What the disk had no room for when the run was to end, in two sentences; null when everything is saved. */
  readonly unsaved: string | null;
}
