import { settingInWords } from '../domain/setting-words.ts';
import type { SweepChanges, SweepValue } from '../domain/sweep-space.ts';
import { definitionOf, titleOf } from '../planning/sweep-axes.ts';

/** A task's value of a setting in words. */
export function valueInWords(key: string, value: SweepValue | undefined): string {
  if (value === undefined) return '';
  const definition = definitionOf(key);
  return definition === undefined ? String(value) : settingInWords(definition, value);
}

/** What distinguishes a task in one line: "Learning rate 0.004, Layer size 128". */
export function changesInWords(changes: SweepChanges): string {
  return Object.entries(changes)
    .map(([key, value]) => `${titleOf(key)} ${valueInWords(key, value)}`)
    .join(', ');
}
