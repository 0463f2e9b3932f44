import { describe, expect, it } from 'vitest';
import { formatAge } from '../../../../src/shared/format/durations.ts';

describe('formatAge', () => {
  const now = Date.parse('2026-11-24T12:00:00.000Z');

  it.each([
    ['2026-11-24T11:59:30.000Z', 'just now'],
    ['2026-11-24T12:00:30.000Z', 'just now'],
    ['2026-11-24T11:59:00.000Z', '1 min ago'],
    ['2026-11-24T11:00:01.000Z', '59 min ago'],
    ['2026-11-24T09:00:00.000Z', '3 h ago'],
    ['2026-11-12T11:59:59.000Z', '12 d ago'],
    ['nonsense', ''],
  ])('%s is %s', (moment, age) => {
    expect(formatAge(moment, now)).toBe(age);
  });
});
