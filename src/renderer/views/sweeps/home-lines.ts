import type { SweepOverview } from '../../../shared/domain/sweep.ts';

/** Lines for a terminal on another machine that copy a sweep and its runs into the current folder. */
export function homeLines({ path, id, tasks }: Pick<SweepOverview, 'path' | 'id' | 'tasks'>): {
  readonly rsync: string;
  readonly scp: string;
} {
  const parent = path.slice(0, Math.max(0, path.length - id.length)).replace(/[\\/]+$/, '');
  // Names of runs differ only in their numbers: one pattern matches them all.
  const runs = (tasks[0]?.run ?? '').replace(/\d+$/, (digits) => '?'.repeat(digits.length));
  const sources = [id, runs].map((name) => quoted(`USER@HOST:${parent}/${name}`)).join(' ');
  return { rsync: `rsync -a --partial ${sources} .`, scp: `scp -r ${sources} .` };
}

/** Quotes a text as one word for the local shell; the remote shell expands the pattern. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
