import type { Checkpoint, CheckpointMetadata } from '../checkpoints/content.ts';
import type { Sha256 } from '../checkpoints/codec.ts';
import type { TensorMap } from '../backends/backend.ts';
import { usedParameters } from '../model/used-parameters.ts';

/** A model to export: its description, and the weights it uses, under canonical names. */
export interface ExchangeModel {
  readonly metadata: CheckpointMetadata;
  readonly parameters: TensorMap;
}

/** Some symbols from a zero state, and the logits after each: another program that computes the same has read the model correctly. */
export interface TestVector {
  readonly symbols: readonly number[];
  /** One row of V for each symbol, at temperature 1. */
  readonly logits: readonly (readonly number[])[];
}

/** One file of an export. Its path is relative, with `/` between folders. */
export interface ExportedFile {
  readonly path: string;
  /** The file consists of these pieces in order. */
  readonly pieces: readonly Uint8Array[];
}

/** The input of a format besides the model. */
export interface WriteContext {
  readonly testVector: TestVector;
  readonly sha256: Sha256;
}

/** Called with the progress, 0 to 1, after each symbol. A returned promise is awaited, so that a host can do other work in between, or throw. */
export type OnProgress = (fraction: number) => void | Promise<void>;

/** An exported model that was read back: reads one symbol, from zero state if a text `begins`, and returns the logits of the next, [V]. */
export type Evaluator = (symbol: number, begins: boolean) => Float64Array;

/** The files of an export by path. */
export type ReadFiles = ReadonlyMap<string, Uint8Array>;

/** A format for other programs. The table in shared/domain/exchange.ts says what it cannot represent. */
export interface ExchangeFormat {
  /** Writes all files except the README and the test vector, which every export has. */
  readonly write: (model: ExchangeModel, context: WriteContext) => readonly ExportedFile[];
  /** The examples in README.md, with their headings. */
  readonly example: (model: ExchangeModel) => string;
  /**
   * Reads the files back and computes with them in float64 as the other program would, by the other program's definitions and without
   * any code of Charloom's backends.
   */
  readonly open: (files: ReadFiles) => Evaluator;
}

/** The part of a checkpoint that is exported: the weights that it uses, averaged where those are better. */
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

/** The content of a file. Throws if it is missing: a format reads what it wrote. */
export function fileOf(files: ReadFiles, path: string): Uint8Array {
  const file = files.get(path);
  if (file === undefined) throw new Error(`the export has no ${path}`);
  return file;
}
