import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { readCheckpointHeader } from '../../node/files/checkpoint-files.ts';
import { runPaths } from '../../node/files/run-folder.ts';
import type { WorkbenchContext } from '../context.ts';
import { containedFile } from '../storage/contained.ts';
import type { CheckpointContent, ExportFormat } from '../workbench-types.ts';

/** A checkpoint for download: the file itself, or its description as JSON. */
export async function openCheckpoint(
  { library }: Pick<WorkbenchContext, 'library'>,
  run: string,
  file: string,
  format: ExportFormat,
): Promise<CheckpointContent> {
  const path = await containedFile(runPaths(library.folder(run)).checkpoints, file, 'The checkpoint');
  if (format === 'safetensors') {
    const { size: bytes } = await stat(path);
    return { name: file, bytes, stream: createReadStream(path) };
  }
  const { metadata } = await readCheckpointHeader(path);
  const content = Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`);
  const name = file.replace(/\.safetensors$/, '.json');
  return { name, bytes: content.length, stream: once(content) };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
