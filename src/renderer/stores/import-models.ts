import type { ModelReference } from '../../shared/domain/run.ts';
import type { AppState } from './app-state.ts';
import type { ChosenFiles, NamedFile } from './import-files.ts';

/** Names of files that hold a model: those that can be read, and those that are refused with a sentence of their own. */
const modelNames = /\.(safetensors|t7|pt|pth|ckpt|hdf5|h5|keras|onnx|index|meta|data-\d+-of-\d+)$/i;
/** What a field for model files offers. */
export const modelFileTypes = '.safetensors,.t7,.zip,.html';
/** The files that distinguish an ml5 model from a folder of texts. */
const ml5Files = ['manifest.json', 'vocab.json'];
/** The directory of a ZIP archive is at its end, with plain names; longer archives are not searched. */
const directoryBytes = 1 << 20;
/** No page that writes is larger. */
const longestPage = 64 << 20;
/** Occurs only in a page that writes. */
const pageMark = 'id="charloom-model"';

/** What is to be imported as a model: one file, or all of a folder. */
export type ModelFiles =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'folder'; readonly files: readonly NamedFile[]; readonly name: string };

/** The model among the dropped files; null if they are a text to learn from. */
export async function modelAmong({ files, title }: ChosenFiles): Promise<ModelFiles | null> {
  const [only, ...more] = files;
  if (only === undefined) return null;
  if (more.length === 0) return (await isModelFile(only.file)) ? { kind: 'file', file: only.file } : null;
  const names = new Set(files.map(({ name }) => plainName(name)));
  return ml5Files.every((name) => names.has(name)) ? { kind: 'folder', files, name: title } : null;
}

async function isModelFile(file: File): Promise<boolean> {
  if (modelNames.test(file.name)) return true;
  if (/\.zip$/i.test(file.name)) {
    const directory = await file.slice(-directoryBytes).text();
    const holdsMl5 = ml5Files.every((name) => directory.includes(name));
    return holdsMl5 || /\.(t7|safetensors)PK|data\.pkl/.test(directory);
  }
  return /\.html?$/i.test(file.name) && file.size <= longestPage && (await file.text()).includes(pageMark);
}

/** Imports a model. The reference shows what it has become. */
export async function importModel(
  { bridge }: Pick<AppState, 'bridge'>,
  model: ModelFiles,
  onProgress: (name: string, fraction: number) => void = () => undefined,
): Promise<ModelReference> {
  if (model.kind === 'file') {
    const { file } = model;
    return bridge.importModel(file, (fraction) => onProgress(file.name, fraction));
  }
  const parts: string[] = [];
  for (const [index, { file, name }] of model.files.entries()) {
    const { part } = await bridge.addPart(file, name, (fraction) =>
      onProgress(name, (index + fraction) / model.files.length),
    );
    parts.push(part);
  }
  return bridge.request('models.import', { name: folderName(model.name), parts });
}

function plainName(name: string): string {
  return name.split('/').at(-1) ?? name;
}

/** A name that the host accepts for a folder. */
function folderName(title: string): string {
  const plain = title.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').replace(/^[ .]+|[ .]+$/g, '');
  return plain === '' ? 'model' : plain.slice(0, 100);
}
