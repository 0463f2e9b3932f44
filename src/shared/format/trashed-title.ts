import type { Trashed, TrashedItem } from '../domain/trash.ts';
import { formatCount, formatQuantity } from './numbers.ts';

const maxNamed = 3;

/**
 * What a removal moved to the trash: "Run “Alice”", "3 checkpoints of “Alice”".
 * @param runName the name of a run by its id
 */
export function trashedTitle({ items }: Trashed, runName: (id: string) => string): string {
  const [first] = items;
  if (first === undefined) return '';
  if (items.length === 1) return titleOfOne(first, runName);
  if (items.every(({ kind }) => kind === 'run')) {
    return `${formatQuantity(items.length, 'run')}: ${named(items.map(({ name }) => `“${name}”`))}`;
  }
  const { run } = first;
  if (run !== null && items.every((item) => item.kind === 'checkpoint' && item.run === run)) {
    return `${formatQuantity(items.length, 'checkpoint')} of “${runName(run)}”`;
  }
  return `${formatQuantity(items.length, 'item')}: ${named(items.map(({ name }) => name))}`;
}

function titleOfOne({ kind, name, run }: TrashedItem, runName: (id: string) => string): string {
  switch (kind) {
    case 'run':
      return `Run “${name}”`;
    case 'checkpoint':
      return run === null ? `Checkpoint ${name}` : `Checkpoint ${name} of “${runName(run)}”`;
    case 'model':
      return `Imported model ${name}`;
  }
}

function named(names: readonly string[]): string {
  const rest = names.length - maxNamed;
  return rest <= 0
    ? names.join(', ')
    : `${names.slice(0, maxNamed).join(', ')} and ${formatCount(rest)} more`;
}
