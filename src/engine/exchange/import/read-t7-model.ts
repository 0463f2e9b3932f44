import { readT7 } from '../t7/read-t7.ts';
import { isTable } from '../t7/values.ts';
import { isCharRnn, readCharRnn } from './char-rnn/read.ts';
import type { ForeignModel } from './foreign-model.ts';
import { unknownTorchFile } from './refusals.ts';
import { isTorchRnn, readTorchRnn } from './torch-rnn.ts';

/**
 * Reads a checkpoint of char-rnn or torch-rnn.
 * @param file its name
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' if the model is not supported
 */
export function readT7Model(bytes: Uint8Array, file: string): ForeignModel {
  const root = readT7(bytes);
  if (isTable(root) && isCharRnn(root)) return readCharRnn(root, file);
  if (isTable(root) && isTorchRnn(root)) return readTorchRnn(root, file);
  throw unknownTorchFile();
}
