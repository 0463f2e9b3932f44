import { describe, expect, it } from 'vitest';
import { formatAge } from '../../../../src/shared/format/ages.ts';

const now = Date.UTC(2026, 10, 24, 12);

describe('formatAge', () => {
  it.each([
    ['2026-11-24T11:59:30.000Z', 'just now'],
    // A clock that runs ahead is no reason for nonsense.
    ['2026-11-24T12:00:20.000Z', 'just now'],
    ['2026-11-24T11:59:00.000Z', '1 minute ago'],
    ['2026-11-24T11:01:00.000Z', '59 minutes ago'],
    ['2026-11-24T09:30:00.000Z', '2 hours ago'],
    ['2026-11-23T11:00:00.000Z', 'yesterday'],
    ['2026-11-20T11:00:00.000Z', '4 days ago'],
    ['2026-10-02T12:00:00.000Z', '2026-10-02'],
    ['nonsense', ''],
  ])('says of %s that it was %s', (iso, words) => {
    expect(formatAge(iso, now)).toBe(words);
  });
});
