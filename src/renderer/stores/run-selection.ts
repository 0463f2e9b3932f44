import type { Run } from '../../shared/domain/run.ts';

export const maxCompared = 6;

/** Whether every word of a search occurs in a run's name, note, tags or text, ignoring case. */
export function matches({ name, note, tags, text }: Run, search: string): boolean {
  const haystack = [name, note, ...tags, text.title].join('\n').toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Waiting runs, in the order in which they will start; `list` is in that order. */
export function queueOf(list: readonly Run[]): readonly Run[] {
  return list.filter(({ state }) => state === 'waiting');
}
