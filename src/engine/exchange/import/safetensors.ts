import { z } from 'zod';
import { cellKinds, cellOf, gatesOf, type CellKind } from '../../../shared/domain/cells.ts';
import {
  architectureKeys,
  architectureOf,
  modelSpecSchema,
  residualModes,
  type ModelSpec,
} from '../../../shared/domain/model-spec.ts';
import { defaultRunSettings, runSettingKeys } from '../../../shared/domain/run-settings.ts';
import type { TensorData, TensorMap } from '../../backends/backend.ts';
import { decodeCheckpoint } from '../../checkpoints/codec.ts';
import { isTextKnown, unknownText, type Checkpoint } from '../../checkpoints/content.ts';
import { badCheckpoint, firstIssue } from '../../checkpoints/errors.ts';
import { decodeHeader, tensorView, type ContainerHeader } from '../../checkpoints/safetensors.ts';
import { checkTensors } from '../../checkpoints/tensors.ts';
import { vocabularyFromSymbols } from '../../dataset/vocabulary.ts';
import { givenCheckpoint } from '../../model/used-parameters.ts';
import { noImprovement } from '../../training/training-hooks.ts';
import type { ImportedModel, ReadOptions } from './imported-model.ts';
import { badVocabulary, refused } from './refusals.ts';
import { runNameFrom } from './settings.ts';

/**
 * Reads a safetensors file: Charloom's own checkpoint, or tensors under its names (docs/exchange.md) from any program, with the vocabulary in the
 * file's metadata.
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' if a newer Charloom wrote it or its tensors have other names
 */
export function readSafetensors(bytes: Uint8Array, file: string, options: ReadOptions): ImportedModel {
  const header = decodeHeader(bytes, bytes.length);
  if (header.metadata.get('format') === 'charloom') {
    return fromCharloom(decodeCheckpoint(bytes, options.sha256), file);
  }
  const data = bytes.subarray(header.dataStart);
  const tensors = new Map<string, TensorData>(
    header.tensors.map((place) => [place.name, { shape: place.shape, data: tensorView(data, place) }]),
  );
  return {
    checkpoint: namedCheckpoint(header, tensors, file, options),
    trainLosses: [],
    validationLosses: [],
  };
}

/** One of Charloom's checkpoints, without what only its own run needs. */
export function fromCharloom(given: Checkpoint, file: string): ImportedModel {
  const { metadata, tensors } = givenCheckpoint(given);
  const tells = { settings: runSettingKeys, tellsEpochs: true, tellsText: isTextKnown(metadata.text) };
  const origin = { program: 'charloom', file: file.slice(0, 255), ...tells };
  return {
    checkpoint: { metadata: { ...metadata, origin }, tensors },
    trainLosses: [],
    validationLosses: [],
  };
}

const vocabularySchema = z.array(z.string().min(1).max(2)).min(1).max(1_114_112);

function namedCheckpoint(
  { metadata }: Pick<ContainerHeader, 'metadata'>,
  tensors: TensorMap,
  file: string,
  { writtenBy }: ReadOptions,
): Checkpoint {
  const spec = specOf(metadata, tensors);
  const vocabulary = vocabularyOf(metadata);
  const symbols = metadata.get('symbols') === 'bytes' ? 'bytes' : 'characters';
  vocabularyFromSymbols(vocabulary, symbols);
  if (vocabulary.length !== spec.vocabularySize) {
    throw badVocabulary('it has another number of symbols than the network');
  }
  const name = runNameFrom(file.replace(/\.safetensors$/i, ''));
  const settings = { ...defaultRunSettings, ...architectureOf(spec), symbols, name } as const;
  checkTensors(
    { spec, settings },
    [...tensors].map(([tensor, { shape }]) => ({ name: tensor, shape })),
  );
  if (![...tensors.values()].every(({ data }) => data.every(Number.isFinite))) {
    throw badCheckpoint('its weights hold something that is no number');
  }
  return {
    metadata: {
      ...({ formatVersion: 2, writtenBy, spec, symbols, settings, text: unknownText } as const),
      ...{ iteration: 0, iterationsPerEpoch: 1, epoch: 0, learningRate: settings.learningRate },
      ...{ firstLoss: null, trainLoss: null, validationLoss: null, weights: 'trained' as const },
      ...{ improvement: noImprovement, recoveries: 0, initializedFrom: null },
      vocabulary: [...vocabulary],
      variant: 'imported from safetensors',
      origin: {
        program: 'safetensors',
        file,
        settings: [...architectureKeys, 'symbols'],
        tellsEpochs: false,
        tellsText: false,
      },
    },
    tensors,
  };
}

/** The network that the tensors and the metadata describe. */
function specOf(metadata: ReadonlyMap<string, string>, tensors: TensorMap): ModelSpec {
  const [vocabularySize = 0, rnnSize = 0] = tensors.get('decoder.w')?.shape ?? [];
  const [rows = 0] = tensors.get('layers.0.wh')?.shape ?? [];
  const model = cellKinds.find((kind) => kind === metadata.get('model')) ?? cellByGates(rows / rnnSize);
  if (model === undefined) throw otherNames();
  let numLayers = 0;
  while (tensors.has(`layers.${numLayers}.wx`)) numLayers++;
  const residual = residualModes.find((mode) => mode === metadata.get('residual')) ?? 'off';
  const layerNorm = tensors.has('layers.0.gx');
  const spec = modelSpecSchema.safeParse({
    ...{ model, vocabularySize, rnnSize, numLayers, dropout: 0, layerNorm, residual },
  });
  if (!spec.success) throw badCheckpoint(`its network is not possible (${firstIssue(spec.error)})`);
  return spec.data;
}

function cellByGates(gates: number): CellKind | undefined {
  return cellKinds.find((model) => gatesOf(cellOf({ model })).length === gates);
}

function vocabularyOf(metadata: ReadonlyMap<string, string>): readonly string[] {
  const json = metadata.get('vocabulary');
  if (json === undefined) throw badVocabulary('the file has none; it belongs into its metadata');
  try {
    return vocabularySchema.parse(JSON.parse(json));
  } catch {
    throw badVocabulary('it is no list of single symbols');
  }
}

function otherNames(): Error {
  return refused(
    'This safetensors file holds tensors that do not have Charloom’s names.',
    'docs/exchange.md tells the names and how to save a model with them.',
  );
}
