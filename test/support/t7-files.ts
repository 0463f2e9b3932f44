import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = new URL('../fixtures/t7/', import.meta.url);

/** A checkpoint of the original programs (test/fixtures/t7). */
export function t7Fixture(name: string): Buffer {
  return gunzipSync(readFileSync(new URL(`${name}.t7.gz`, folder)));
}

/** What the original programs computed with a checkpoint. */
export interface T7Reference {
  readonly model: string;
  readonly rnn_size: number;
  readonly num_layers: number;
  readonly vocab_size: number;
  readonly prime: string;
  readonly i: number;
  readonly epoch: number | null;
  /** In nats. */
  readonly validation_loss: number;
  readonly train_losses: readonly (number | null)[];
  /** After each byte of `prime`, in the order of the file's symbols. */
  readonly log_probs: readonly (readonly number[])[];
}

export const t7References = JSON.parse(readFileSync(new URL('references.json', folder), 'utf8')) as Readonly<
  Record<string, T7Reference>
>;
