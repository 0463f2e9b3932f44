import { expect, test } from 'vitest';
import { shownNames } from '../../../../src/shared/format/shown-names.ts';

test('runs with the same name are shown with the names of their folders', () => {
  const runs = [
    { id: 'Moby Dick', name: 'Moby Dick' },
    { id: 'Moby Dick-2', name: 'Moby Dick' },
    { id: 'Moby Dick-3', name: 'Whale' },
    { id: 'Emma', name: 'Moby Dick' },
    { id: 'Emma-2', name: 'Emma' },
  ];
  expect(runs.map(shownNames(runs))).toEqual([
    'Moby Dick',
    'Moby Dick (Moby Dick-2)',
    'Whale',
    'Moby Dick (Emma)',
    'Emma',
  ]);
});
