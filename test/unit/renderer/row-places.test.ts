import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partsInSight, type RowPart } from '../../../src/renderer/components/row-places.ts';

const rows = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 400 });

function drawn(parts: readonly RowPart[]): readonly number[] {
  return parts.flatMap((part) => (part.kind === 'row' ? [part.index] : []));
}

it('draws every visible row, keeps the pinned ones, and fills the space of all others', () => {
  fc.assert(
    fc.property(
      rows,
      fc.integer({ min: -500, max: 20_000 }),
      fc.nat(900),
      fc.array(fc.nat(399)),
      (heights, top, size, pinned) => {
        const sight = { top, bottom: top + size };
        const places = { count: heights.length, heightOf: (index: number) => heights[index] ?? 0 };
        const parts = partsInSight(places, sight, pinned);
        const seen = drawn(parts);
        const starts = heights.map((_, index) =>
          heights.slice(0, index).reduce((sum, each) => sum + each, 0),
        );
        heights.forEach((height, index) => {
          const start = starts[index] ?? 0;
          if (start + height >= sight.top && start <= sight.bottom) expect(seen).toContain(index);
          if (pinned.includes(index)) expect(seen).toContain(index);
        });
        const total = parts.reduce(
          (sum, part) => sum + (part.kind === 'gap' ? part.height : (heights[part.index] ?? 0)),
          0,
        );
        expect(total).toBe(heights.reduce((sum, each) => sum + each, 0));
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      },
    ),
  );
});

it('draws little of a long list', () => {
  const parts = partsInSight({ count: 10_000, heightOf: () => 40 }, { top: 100_000, bottom: 100_800 }, []);
  expect(drawn(parts).length).toBeLessThan(60);
  expect(parts.length - drawn(parts).length).toBe(2);
});
