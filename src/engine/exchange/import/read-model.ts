import { assertNever, CharloomError } from '../../../shared/errors.ts';
import { assembleCheckpoint } from './assemble.ts';
import { modelFileKind } from './detect.ts';
import type { ForeignModel } from './foreign-model.ts';
import type { ModelSource, ImportedModel, ReadOptions } from './imported-model.ts';
import { ml5Manifest, readMl5 } from './ml5.ts';
import { readT7Model } from './read-t7-model.ts';
import * as refusals from './refusals.ts';
import { readSafetensors } from './safetensors.ts';
import { readPage } from '../import-page.ts';
import { folderWith, unpackModel } from './unpack.ts';

/** Archives within archives are not opened. */
type Packed = 'may-be-packed' | 'unpacked';

/**
 * Reads a model of any supported program, from one file, a folder or an archive. Nothing in it is run.
 * @throws CharloomError 'bad-checkpoint' for damaged files and files that are not models; 'incompatible', with a message for each kind, for
 * unsupported models
 */
export async function readModel(source: ModelSource, options: ReadOptions): Promise<ImportedModel> {
  return read(source, options, 'may-be-packed');
}

async function read(source: ModelSource, options: ReadOptions, packed: Packed): Promise<ImportedModel> {
  const [only, ...more] = source.files;
  if (!source.isFolder && only !== undefined && more.length === 0) {
    const [name, bytes] = only;
    return readFile(bytes, name, options, packed);
  }
  return readFolder(source, options);
}

async function readFile(
  bytes: Uint8Array,
  name: string,
  options: ReadOptions,
  packed: Packed,
): Promise<ImportedModel> {
  const kind = modelFileKind(bytes, name);
  switch (kind) {
    case 't7':
      return imported(readT7Model(bytes, name), options);
    case 'safetensors':
      return readSafetensors(bytes, name, options);
    case 'page':
      return readPage(bytes, name, options);
    case 'zip':
      if (packed === 'unpacked') throw refusals.unknownFile();
      return read(await unpackModel(bytes, name), options, 'unpacked');
    case 'hdf5':
      throw refusals.textgenrnn();
    case 'pickle':
      throw refusals.pickle();
    case 'tensorflow-checkpoint':
      throw refusals.tensorflowCheckpoint();
    case 'onnx':
      throw refusals.onnx();
    case 'unknown':
      throw refusals.unknownFile();
    default:
      return assertNever(kind);
  }
}

/** An ml5 folder, or a folder around one model of another kind. */
async function readFolder({ files, name }: ModelSource, options: ReadOptions): Promise<ImportedModel> {
  const ml5 = folderWith(files, ml5Manifest);
  if (ml5 !== undefined) return imported(readMl5(ml5, name), options);
  const kinds = [...files].map(([path, bytes]) => ({ path, bytes, kind: modelFileKind(bytes, path) }));
  const models = kinds.filter(({ kind }) => kind === 't7' || kind === 'safetensors' || kind === 'page');
  const [only, ...more] = models;
  if (only !== undefined && more.length === 0) {
    return readFile(only.bytes, only.path.split('/').at(-1) ?? only.path, options, 'unpacked');
  }
  if (only !== undefined) throw severalModels();
  const foreign = kinds.find(({ kind }) => kind !== 'unknown' && kind !== 'zip');
  if (foreign !== undefined) return readFile(foreign.bytes, foreign.path, options, 'unpacked');
  throw refusals.unknownFile('folder');
}

function imported(model: ForeignModel, options: ReadOptions): ImportedModel {
  const { trainLosses, validationLosses } = model.training;
  return { checkpoint: assembleCheckpoint(model, options), trainLosses, validationLosses };
}

function severalModels(): CharloomError {
  return new CharloomError('bad-checkpoint', 'There is more than one model here.', {
    fix: 'Import them one after another.',
  });
}
