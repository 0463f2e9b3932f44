import type { Checkpoint, CheckpointMetadata } from '../checkpoints/content.ts';
import type { Sha256 } from '../checkpoints/codec.ts';
import type { TensorMap } from '../backends/backend.ts';
import { usedParameters } from '../model/used-parameters.ts';

/** A model to export: its description, and the weights it is used with, under canonical names. */
export interface ExchangeModel {
  readonly metadata: CheckpointMetadata;
  readonly parameters: TensorMap;
}

/** Some symbols from a zero state, and the logits after each: what another program must compute to have read the model rightly. */
export interface TestVector {
  readonly symbols: readonly number[];
  /** One row of V for each symbol, at temperature 1. */
  readonly logits: readonly (readonly number[])[];
}

/** One file of an export. Its path is relative, with `/` between folders. */
export interface ExportedFile {
  readonly path: string;
  /** The file is these one after the other. */
  readonly pieces: readonly Uint8Array[];
}

/** What a format is given beside the model. */
export interface WriteContext {
  readonly testVector: TestVector;
  readonly sha256: Sha256;
}

/** Hears a share of the work, 0 to 1, after each symbol. What it returns is waited for, so that a host can do other things in between, or throw. */
export type OnProgress = (fraction: number) => void | Promise<void>;

/** An exported model that was read back: reads one symbol, from a zero state where a text `begins`, and returns the logits of the next, [V]. */
export type Evaluator = (symbol: number, begins: boolean) => Float64Array;

/** The files of an export by their paths. */
export type ReadFiles = ReadonlyMap<string, Uint8Array>;

/** A format for other programs. The table in shared/domain/exchange.ts says what it cannot represent. */
export interface ExchangeFormat {
  /** All files but the README and the test vector, which every export has. */
  readonly write: (model: ExchangeModel, context: WriteContext) => readonly ExportedFile[];
  /** The examples in README.md, with their headings. */
  readonly example: (model: ExchangeModel) => string;
  /**
   * Reads the files again and computes with them in float64 as the other program would, by the other program's definition and without
   * anything of Charloom's backends.
   */
  readonly open: (files: ReadFiles) => Evaluator;
}

/** What of a checkpoint is given away: the weights that it is used with, averaged where those are better. */
export function exchangeModel(checkpoint: Checkpoint): ExchangeModel {
  return { metadata: checkpoint.metadata, parameters: usedParameters(checkpoint) };
}

/** A text file. */
export function textFile(path: string, text: string): ExportedFile {
  return { path, pieces: [new TextEncoder().encode(text)] };
}

/** A JSON file of one line. */
export function jsonFile(path: string, value: unknown): ExportedFile {
  return textFile(path, `${JSON.stringify(value)}\n`);
}

/** The content of a file. Throws where there is none: a format reads what it wrote. */
export function fileOf(files: ReadFiles, path: string): Uint8Array {
  const file = files.get(path);
  if (file === undefined) throw new Error(`the export has no ${path}`);
  return file;
}
