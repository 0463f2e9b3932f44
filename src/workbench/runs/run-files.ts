import { readSmallText } from '../../node/files/plain-file.ts';
import { runPaths } from '../../node/files/run-folder.ts';
import { baselinesSchema, type BaselineLosses } from '../../shared/domain/text.ts';

const logLines = 300;
/** Some hundred thousand lines of a log: what is larger was not written by a run. */
const maxBytes = 1 << 26;

/** The last lines of a run's log; none when there is no log. */
export async function lastLogLines(runFolder: string): Promise<readonly string[]> {
  const log = await readSmallText(runPaths(runFolder).log, maxBytes).catch(() => '');
  return log
    .split('\n')
    .filter((line) => line !== '')
    .slice(-logLines);
}

/** What counting alone scores on the run's split; null when the run was started before it was measured, or the file is damaged. */
export async function baselinesOf(runFolder: string): Promise<BaselineLosses | null> {
  try {
    return baselinesSchema.parse(JSON.parse(await readSmallText(runPaths(runFolder).baselines, maxBytes)));
  } catch {
    return null;
  }
}
