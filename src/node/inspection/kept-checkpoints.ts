import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EmbeddedBackend } from '../../engine/backends/backend.ts';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { InspectedModel } from '../../engine/inspection/inspection.ts';
import { CharloomError } from '../../shared/errors.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { inspectedModel } from './open-inspection.ts';

/** Number of checkpoints that growth reads the text with: each takes a whole pass over it. */
const most = 12;

/** Evenly spread checkpoints, including the first and the last. */
export function thinCheckpoints(paths: readonly string[]): readonly string[] {
  if (paths.length <= most) return paths;
  const chosen = Array.from({ length: most }, (_, index) =>
    Math.round((index * (paths.length - 1)) / (most - 1)),
  );
  return paths.filter((_, index) => chosen.includes(index));
}

export interface KeptCheckpoint {
  readonly file: string;
  readonly epoch: number;
  readonly validationLoss: number | null;
  /** The caller disposes its network. */
  readonly model: InspectedModel;
}

/** A checkpoint of the same run; undefined for one that is damaged, gone, or of another model. */
export async function openKept(
  path: string,
  { spec, vocabulary }: CheckpointMetadata,
  backend: EmbeddedBackend,
): Promise<KeptCheckpoint | undefined> {
  const checkpoint = await readCheckpoint(path).catch((error: unknown) => {
    if (error instanceof CharloomError) return undefined;
    throw error;
  });
  if (checkpoint === undefined) return undefined;
  const { metadata } = checkpoint;
  const isSame = isDeepStrictEqual([metadata.spec, metadata.vocabulary], [spec, vocabulary]);
  if (!isSame) return undefined;
  const { epoch, validationLoss } = metadata;
  return { file: basename(path), epoch, validationLoss, model: inspectedModel(checkpoint, backend) };
}
