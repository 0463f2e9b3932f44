import type { OriginProgram } from '../../../shared/domain/model-origin.ts';
import type { CellKind } from '../../../shared/domain/cells.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';

/** One layer in Charloom's layout: the rows of all gates stacked. */
export interface ForeignLayer {
  /** [G*H, in] */
  readonly wx: Float64Array;
  /** [G*H, H] */
  readonly wh: Float64Array;
  /** [G*H] */
  readonly bx: Float64Array;
  /** [G*H] */
  readonly bh: Float64Array;
}

/** A network as another program numbers its symbols. */
export interface ForeignNetwork {
  readonly model: CellKind;
  readonly rnnSize: number;
  /** Used in training only; nothing is dropped when it writes. */
  readonly dropout: number;
  readonly layers: readonly ForeignLayer[];
  /** [V, H] */
  readonly decoderW: Float64Array;
  /** [V] */
  readonly decoderB: Float64Array;
}

/** Loss at an iteration, in nats per symbol. */
export interface LossPoint {
  /** From 1. */
  readonly iteration: number;
  readonly loss: number;
}

/** What a file records about the training of its model; what is missing is null or empty. */
export interface ForeignTraining {
  readonly iteration: number | null;
  /** A real number, as in char-rnn. */
  readonly epoch: number | null;
  readonly validationLoss: number | null;
  readonly trainLosses: readonly LossPoint[];
  readonly validationLosses: readonly LossPoint[];
  /** Settings that it was trained with, as far as Charloom has them. */
  readonly settings: Partial<RunSettings>;
}

export const nothingKnown: ForeignTraining = {
  iteration: null,
  epoch: null,
  validationLoss: null,
  trainLosses: [],
  validationLosses: [],
  settings: {},
};

/** A model of another program, read but not yet a checkpoint. */
export interface ForeignModel {
  readonly program: OriginProgram;
  /** Name of the file or folder. */
  readonly file: string;
  readonly network: ForeignNetwork;
  /** Code of each symbol in the file's order: a code point, or a byte. */
  readonly codes: readonly number[];
  readonly symbols: RunSettings['symbols'];
  readonly training: ForeignTraining;
}
