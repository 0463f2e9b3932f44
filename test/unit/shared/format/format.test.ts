import { describe, expect, test } from 'vitest';
import { formatDuration, formatMoment } from '../../../../src/shared/format/durations.ts';
import {
  formatBytes,
  formatCount,
  formatDifference,
  formatLoss,
  formatMeasure,
  formatQuantity,
  formatShare,
} from '../../../../src/shared/format/numbers.ts';
import { formatSymbol } from '../../../../src/shared/format/symbols.ts';
import { displayWidth, formatTable } from '../../../../src/shared/format/tables.ts';

describe('numbers', () => {
  test('a difference has two digits, and none where two computations agree', () => {
    expect([0, 3.14e-7, 0.0001].map(formatDifference)).toEqual(['0', '3.1e-7', '1.0e-4']);
  });

  test('have English separators and plain units', () => {
    expect(formatCount(1_115_394)).toBe('1,115,394');
    expect([0, 1, 2].map((count) => formatQuantity(count, 'chunk'))).toEqual([
      '0 chunks',
      '1 chunk',
      '2 chunks',
    ]);
    expect(formatQuantity(2, 'entry', 'entries')).toBe('2 entries');
    expect([0.954, 1, 0.004, 0].map(formatShare)).toEqual(['95 %', '100 %', '0.4 %', '0 %']);
    expect([25.83, 0.02341, 96_774.2, 100, 99.96, NaN].map(formatMeasure)).toEqual([
      '25.8',
      '0.0234',
      '96,774',
      '100',
      '100',
      'unknown',
    ]);
  });

  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 KB'],
    [1_499_999, '1.5 MB'],
    [999_600, '1 MB'],
    [99_960_000, '100 MB'],
    [3e9, '3 GB'],
    [5e15, '5000 TB'],
  ])('%d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test('a loss is never printed as NaN', () => {
    expect([2.06812, NaN, Infinity, null].map(formatLoss)).toEqual([
      '2.0681',
      'not a number',
      'infinite',
      'none',
    ]);
  });
});

describe('durations', () => {
  test.each([
    [0, '0.0 s'],
    [860, '0.9 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_400, '59 s'],
    [59_700, '1 min'],
    [95_000, '1 min 35 s'],
    [3_599_600, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_399_000, '1 d'],
    [200_000_000, '2 d 8 h'],
    [NaN, 'unknown'],
    [-1, 'unknown'],
  ])('%d ms read %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  test('moments are local and sortable; nonsense is empty', () => {
    expect(formatMoment(new Date(2026, 10, 4, 7, 5).toISOString())).toBe('2026-11-04 07:05');
    expect(formatMoment('yesterday')).toBe('');
  });
});

test('symbols that have no picture are named', () => {
  expect(['a', '\n', ' ', '\u0007', '\u0301', '\u2028', '🐳', '“'].map(formatSymbol)).toEqual([
    '“a”',
    'line end (\\n)',
    'space',
    'U+0007',
    'U+0301',
    'U+2028',
    '“🐳”',
    '““”',
  ]);
});

describe('tables', () => {
  test('align columns and leave no blanks at line ends', () => {
    const table = formatTable(
      [{ title: 'run' }, { title: 'loss', align: 'right' }],
      [
        ['a', '1.5'],
        ['longer', '12.25'],
      ],
    );
    expect(table).toBe('run      loss\na         1.5\nlonger  12.25');
  });

  test('count what a terminal shows, not code units', () => {
    expect(['abc', 'é', 'e\u0301', '漢字', '🐳', '👩‍👩‍👧'].map(displayWidth)).toEqual([3, 1, 1, 4, 2, 2]);
  });
});
