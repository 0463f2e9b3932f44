import type { Vocabulary } from '../dataset/corpus.ts';
import { indexByCode } from '../dataset/vocabulary.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { TensorData, TensorMap } from '../backends/backend.ts';
import { initialParameters } from './initial-parameters.ts';

export interface WideningJob {
  /** The existing model; its vocabulary has the size of `before`. */
  readonly spec: ModelSpec;
  readonly parameters: TensorMap;
  readonly before: Vocabulary;
  /** Contains every symbol of `before`, and more. */
  readonly after: Vocabulary;
  /** Of the run that starts with the result. */
  readonly seed: number;
}

/**
 * The parameters of a model for a larger vocabulary. Those of known symbols are kept, so the model scores them exactly as before; those of new
 * symbols (a column of the first layer's input weights, a row and a bias of the decoder) are the initial values of a new model of this size.
 */
export function widenParameters({ spec, parameters, before, after, seed }: WideningJob): TensorMap {
  const index = indexByCode(after);
  const places = before.codes.map((code) => index[code] ?? -1);
  const drawn = initialParameters({ ...spec, vocabularySize: after.codes.length }, seed);
  return new Map(
    [...drawn].map(([name, tensor]) => {
      const known = parameters.get(name) ?? tensor;
      if (name === 'layers.0.wx') return [name, withColumns(tensor, known, places)];
      return [name, name.startsWith('decoder.') ? withRows(tensor, known, places) : known];
    }),
  );
}

function withRows({ shape, data }: TensorData, known: TensorData, places: readonly number[]): TensorData {
  const [, columns = 1] = shape;
  const widened = data.slice();
  places.forEach((place, row) => {
    widened.set(known.data.subarray(row * columns, (row + 1) * columns), place * columns);
  });
  return { shape, data: widened };
}

function withColumns({ shape, data }: TensorData, known: TensorData, places: readonly number[]): TensorData {
  const [rows = 0, columns = 1] = shape;
  const widened = data.slice();
  for (let row = 0; row < rows; row++) {
    places.forEach((place, column) => {
      widened[row * columns + place] = known.data[row * places.length + column] ?? 0;
    });
  }
  return { shape, data: widened };
}
