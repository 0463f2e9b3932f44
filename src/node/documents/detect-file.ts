import { open } from 'node:fs/promises';
import { binaryFormat } from '../../engine/dataset/binary-formats.ts';
import { detectedBytes, detectKind, type DetectedKind } from '../../engine/documents/detect.ts';
import { withStorageErrors } from '../files/storage-error.ts';

/** What a file seems to be; 'other' is neither a document nor a text. Null: no plain file, such as a pipe. */
export interface DetectedFile {
  readonly kind: DetectedKind | 'other';
  /** A noun phrase for other kinds: "a PNG picture". */
  readonly format: string | null;
}

/**
 * Looks at the beginning of a file.
 * @throws CharloomError('storage') when it cannot be read
 */
export async function detectFile(path: string): Promise<DetectedFile | null> {
  return withStorageErrors('read the file', path, async () => {
    const file = await open(path, 'r');
    try {
      const stats = await file.stat();
      // A pipe can be read only once, and its content counts as text.
      if (!stats.isFile()) return null;
      const buffer = new Uint8Array(Math.min(detectedBytes, stats.size));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      const head = buffer.subarray(0, bytesRead);
      const kind = detectKind(head, stats.size <= detectedBytes);
      const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
      const format = kind === 'text' && !isWide ? binaryFormat(head) : null;
      return { kind: format === null ? kind : 'other', format };
    } finally {
      await file.close();
    }
  });
}
