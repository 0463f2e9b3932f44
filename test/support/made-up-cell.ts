import type { CellDescription } from '../../src/shared/domain/cells.ts';

/** An unrealistic cell: it has one of everything that the table can express. */
export const madeUpCell: CellDescription = {
  title: 'Made up',
  trait: 'is made up',
  gateGroups: [['a', 'b'], ['d']],
  states: [
    { name: 'h', word: 'hidden' },
    { name: 's', word: 'slow' },
  ],
  extraParameters: [
    { name: 'gx', word: 'inputGain', blocks: 3 },
    { name: 'gc', word: 'cellGain', blocks: 1 },
    { name: 'ws', word: 'skipW', blocks: 2, columns: 'units' },
  ],
  fixedStarts: [
    { parameter: 'gx', value: 1 },
    { parameter: 'bh', gate: 'd', value: -2 },
  ],
};
