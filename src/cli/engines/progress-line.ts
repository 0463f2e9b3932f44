import type { InstallProgress } from '../../node/engines/progress.ts';
import type { Output } from '../output.ts';

/** One line that replaces itself on a terminal; one line per step elsewhere. */
export function progressLine(output: Output): (progress: InstallProgress) => void {
  let title = '';
  const width = 20;
  return (progress) => {
    const filled = Math.round(progress.fraction * width);
    const bar = `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`;
    const percent = `${Math.floor(progress.fraction * 100)}%`.padStart(4);
    const detail = progress.detail === '' ? '' : `: ${progress.detail}`;
    if (output.interactive) output.status(`[${bar}]${percent}  ${progress.title}${detail}`);
    else if (progress.title !== title) output.note(progress.title);
    title = progress.title;
  };
}
