import { CharloomError } from '../errors.ts';
import { maxSweepTasks } from './sweep-space.ts';

/** Indices in the form that Slurm accepts and people type: "1-5,9". In order, each once. */
export function formatTaskSet(indices: Iterable<number>): string {
  const sorted = [...new Set(indices)].toSorted((a, b) => a - b);
  const parts: string[] = [];
  for (let place = 0; place < sorted.length;) {
    const first = sorted[place] ?? 0;
    let length = 1;
    while (sorted[place + length] === first + length) length++;
    parts.push(length === 1 ? String(first) : `${first}-${first + length - 1}`);
    place += length;
  }
  return parts.join(',');
}

/**
 * The indices in such a text, in order, each once.
 * @throws CharloomError('usage') for anything else
 */
export function parseTaskSet(text: string): readonly number[] {
  const found = new Set<number>();
  for (const part of text.split(',').map((each) => each.trim())) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || last < first || last - first >= maxSweepTasks) {
      throw new CharloomError('usage', `“${text}” names no tasks.`, { fix: 'As in 7 or 1-5,9.' });
    }
    for (let index = first; index <= last; index++) found.add(index);
  }
  return [...found].toSorted((a, b) => a - b);
}
