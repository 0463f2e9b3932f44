import { modelOfPage } from './page/read-page.ts';
import type { ImportedModel, ReadOptions } from './import/imported-model.ts';
import { unknownFile } from './import/refusals.ts';
import { fromCharloom } from './import/safetensors.ts';

/** Every page that Charloom writes is less than half as long. */
const longestPage = 128 * 2 ** 20;

/**
 * Reads the model in a page that writes. The page is searched for it and never shown or run.
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' if a newer Charloom wrote it
 */
export function readPage(bytes: Uint8Array, file: string, { sha256 }: ReadOptions): ImportedModel {
  if (bytes.length > longestPage) throw unknownFile();
  return fromCharloom(modelOfPage(new TextDecoder().decode(bytes), sha256).model, file);
}
