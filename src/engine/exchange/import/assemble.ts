import { cellOf, layerParameters } from '../../../shared/domain/cells.ts';
import { elementCount, parameterShapes } from '../../../shared/domain/model-tensors.ts';
import {
  architectureKeys,
  architectureOf,
  modelSpecSchema,
  plainModel,
  type ModelSpec,
} from '../../../shared/domain/model-spec.ts';
import { defaultRunSettings, type RunSettings } from '../../../shared/domain/run-settings.ts';
import type { TensorData } from '../../backends/backend.ts';
import type { Checkpoint } from '../../checkpoints/content.ts';
import { unknownText } from '../../checkpoints/content.ts';
import { badCheckpoint, firstIssue } from '../../checkpoints/errors.ts';
import { noImprovement } from '../../training/training-hooks.ts';
import type { ForeignModel, ForeignNetwork } from './foreign-model.ts';
import { badVocabulary } from './refusals.ts';
import { runNameFrom } from './settings.ts';

export interface AssembleOptions {
  /** Charloom's version. */
  readonly writtenBy: string;
}

/**
 * Turns a model of another program into a checkpoint. Its symbols are sorted by code, as in every checkpoint.
 * @throws CharloomError('bad-checkpoint') if its numbers or symbols cannot be used
 */
export function assembleCheckpoint(
  { program, file, network, codes, symbols, training }: ForeignModel,
  { writtenBy }: AssembleOptions,
): Checkpoint {
  const spec = specOf(network, codes.length);
  const order = orderOf(codes, symbols);
  const settings: RunSettings = {
    ...defaultRunSettings,
    ...training.settings,
    ...architectureOf(spec),
    symbols,
    name: runNameFrom(file.replace(/\.[a-z0-9]{1,12}$/i, '')),
  };
  const iteration = training.iteration ?? 0;
  const iterationsPerEpoch = Math.max(1, Math.round(iteration / (training.epoch ?? 1)));
  return {
    metadata: {
      ...({ formatVersion: 2, writtenBy, spec, symbols, settings, text: unknownText } as const),
      vocabulary: order.map((index) => String.fromCodePoint(codes[index] ?? 0)),
      iteration,
      iterationsPerEpoch,
      epoch: training.epoch ?? iteration / iterationsPerEpoch,
      learningRate: settings.learningRate,
      firstLoss: training.trainLosses[0]?.loss ?? null,
      trainLoss: training.trainLosses.at(-1)?.loss ?? null,
      validationLoss: training.validationLoss,
      weights: 'trained',
      improvement: noImprovement,
      recoveries: 0,
      initializedFrom: null,
      variant: `imported from ${program}`,
      origin: {
        ...{ program, file: file.slice(0, 255), tellsEpochs: training.epoch !== null, tellsText: false },
        settings: [...architectureKeys, 'symbols', ...Object.keys(training.settings)],
      },
    },
    tensors: tensorsOf(network, spec, order),
  };
}

function specOf({ model, rnnSize, layers, dropout }: ForeignNetwork, vocabularySize: number): ModelSpec {
  const spec = modelSpecSchema.safeParse({
    ...({ ...plainModel, model, vocabularySize, rnnSize, numLayers: layers.length, dropout } as const),
  });
  if (!spec.success) throw badCheckpoint(`its network is not possible (${firstIssue(spec.error)})`);
  return spec.data;
}

/** The file's indices, sorted by code. */
function orderOf(codes: readonly number[], symbols: RunSettings['symbols']): readonly number[] {
  const largest = symbols === 'bytes' ? 0xff : 0x10ffff;
  const isCode = (code: number): boolean =>
    Number.isInteger(code) && code >= 0 && code <= largest && !(code >= 0xd800 && code <= 0xdfff);
  if (!codes.every(isCode)) throw badVocabulary('it holds something else than single symbols');
  if (new Set(codes).size !== codes.length) throw badVocabulary('it holds a symbol twice');
  return codes.map((_, index) => index).sort((a, b) => (codes[a] ?? 0) - (codes[b] ?? 0));
}

function tensorsOf(
  { layers, decoderW, decoderB }: ForeignNetwork,
  spec: ModelSpec,
  order: readonly number[],
): ReadonlyMap<string, TensorData> {
  const { rnnSize } = spec;
  const found = new Map<string, Float64Array>([
    ['decoder.w', rowsInOrder(decoderW, order, rnnSize)],
    ['decoder.b', rowsInOrder(decoderB, order, 1)],
  ]);
  layers.forEach((layer, index) => {
    const { wx } = layer;
    const ordered = index === 0 ? columnsInOrder(wx, order) : wx;
    for (const { name } of layerParameters(cellOf(spec))) {
      found.set(`layers.${index}.${name}`, { ...layer, wx: ordered }[name as keyof typeof layer]);
    }
  });
  return new Map(parameterShapes(spec).map(({ name, shape }) => [name, asTensor(shape, found.get(name))]));
}

function asTensor(shape: readonly number[], numbers: Float64Array | undefined): TensorData {
  if (numbers?.length !== elementCount(shape)) throw badCheckpoint('its layers do not fit together');
  const data = Float32Array.from(numbers);
  if (!data.every(Number.isFinite)) {
    throw badCheckpoint('its weights hold something that is no number: its training had exploded');
  }
  return { shape, data };
}

/** Rows of a matrix [V, width] in another order. */
function rowsInOrder(matrix: Float64Array, order: readonly number[], width: number): Float64Array {
  const ordered = new Float64Array(order.length * width);
  order.forEach((from, to) => ordered.set(matrix.subarray(from * width, (from + 1) * width), to * width));
  return ordered;
}

/** Columns of a matrix [rows, V] in another order. */
function columnsInOrder(matrix: Float64Array, order: readonly number[]): Float64Array {
  const width = order.length;
  return matrix.map((_, index) => {
    const row = Math.floor(index / width);
    return matrix[row * width + (order[index % width] ?? 0)] ?? 0;
  });
}
