import { readSmallText } from '../../node/files/plain-file.ts';
import { runPaths } from '../../node/files/run-folder.ts';
import { baselinesSchema, type BaselineLosses } from '../../shared/domain/text.ts';

/** Four losses take a few hundred bytes. */
const maxBytes = 1 << 20;

/** What counting alone scores on the run's split; null when the run was started before it was measured, or the file is damaged. */
export async function baselinesOf(runFolder: string): Promise<BaselineLosses | null> {
  try {
    return baselinesSchema.parse(JSON.parse(await readSmallText(runPaths(runFolder).baselines, maxBytes)));
  } catch {
    return null;
  }
}
