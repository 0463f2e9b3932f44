import { concurrently } from '../../shared/concurrently.ts';

/** Results in the order of their items; `remaining` items are still to come. */
export interface Portion<R> {
  readonly results: readonly R[];
  readonly remaining: number;
}

interface Options<R> {
  /** Number of items processed in parallel. */
  readonly limit: number;
  /** Results of the first portion: about a screenful. */
  readonly first: number;
  /** Minimum milliseconds between two later portions: each is work for a page. */
  readonly intervalMs: number;
  readonly tell: (portion: Portion<R>) => void;
}

/** Processes items in parallel and delivers the results in order while others are still to come. There is at least one portion, and the last has none remaining. */
export async function inPortions<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { limit, first, intervalMs, tell }: Options<R>,
): Promise<void> {
  const results: { readonly value: R }[] = [];
  /** Number of results without a gap before them, and of those already delivered. */
  let complete = 0;
  let told = 0;
  let toldAt = -Infinity;
  const send = (): void => {
    const values = results.slice(told, complete).map(({ value }) => value);
    told = complete;
    toldAt = performance.now();
    tell({ results: values, remaining: items.length - told });
  };
  await concurrently([...items.entries()], limit, async ([index, item]) => {
    results[index] = { value: await work(item) };
    while (results[complete] !== undefined) complete++;
    const isDue = told === 0 ? complete >= first : performance.now() - toldAt >= intervalMs;
    if (isDue && complete > told && complete < items.length) send();
  });
  send();
}
