import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activationLevels,
  activationRuns,
  levelOf,
  rankOf,
} from '../../../src/renderer/views/inside/activation-levels.ts';
import { agreementOf, isWrongAt, nextSwitch, nextWrong } from '../../../src/renderer/views/inside/places.ts';
import {
  spanAt,
  spanned,
  spansOf,
  spansWithin,
  withSpan,
} from '../../../src/renderer/stores/inside/spans.ts';

/** The values at 0, 5, ..., 100 percent of numbers, by sorting them. */
function percentilesOf(values: ArrayLike<number>): readonly number[] {
  const sorted = Array.from(values).toSorted((a, b) => a - b);
  return Array.from({ length: 21 }, (_, step) => sorted[Math.round((step / 20) * (sorted.length - 1))] ?? 0);
}

const column = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 200 });

describe('how active a unit is', () => {
  it('is the share of the text where it is lower, to the step of the percentiles', () => {
    fc.assert(
      fc.property(column, fc.nat(199), (values, at) => {
        const value = values[at % values.length] ?? 0;
        const below = values.filter((each) => each < value).length / values.length;
        const upTo = values.filter((each) => each <= value).length / values.length;
        const rank = rankOf(value, percentilesOf(values));
        const step = 0.051 + 1 / values.length;
        expect(rank).toBeGreaterThanOrEqual(below - step);
        expect(rank).toBeLessThanOrEqual(upTo + step);
      }),
    );
  });

  it('never falls while the value rises', () => {
    fc.assert(
      fc.property(column, column, (values, asked) => {
        const percentiles = percentilesOf(values);
        const ranks = asked.toSorted((a, b) => a - b).map((value) => rankOf(value, percentiles));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
    );
  });

  it('has a level for every rank, whatever is in view', () => {
    const percentiles = Array.from({ length: 21 }, (_, step) => step / 20);
    expect(
      [-5, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 5].map((value) => levelOf(value, percentiles).level),
    ).toEqual(['lowest', 'lowest', 'low', 'lower', 'middle', 'higher', 'high', 'highest', 'highest']);
    expect(activationLevels[0].from).toBe(0);
  });

  it('is the middle where the unit is constant', () => {
    expect(
      levelOf(
        0.3,
        Array.from({ length: 21 }, () => 0.3),
      ).level,
    ).toBe('middle');
  });

  it('is drawn in runs that lose no character and part where the level or the property changes', () => {
    const percentiles = Array.from({ length: 21 }, (_, step) => step / 20);
    const values = Float32Array.from([0.5, 0.5, 0.9, 0.9, 0.9]);
    const page = { start: 1, texts: ['a', 'b', '', 'c'] };
    expect(activationRuns(page, values, percentiles, (position) => position >= 3)).toEqual([
      { level: 'middle', isLabelled: false, text: 'a' },
      { level: 'high', isLabelled: false, text: 'b' },
      { level: 'high', isLabelled: true, text: 'c' },
    ]);
  });
});

describe('places of interest', () => {
  const percentiles = Array.from({ length: 21 }, (_, step) => step / 20);

  it('are where a unit changes from quiet to active or back', () => {
    const values = Float32Array.from([0.1, 0.5, 0.15, 0.5, 0.9, 0.6, 0.95, 0.5, 0.1]);
    const activation = { values, percentiles };
    expect(nextSwitch(activation, 0)).toBe(4);
    expect(nextSwitch(activation, 4)).toBe(8);
    expect(nextSwitch(activation, 8)).toBeNull();
  });

  it('are where a unit is wrong for several symbols', () => {
    // Inside from 10 to 60; the unit follows late by eight, and misses 30 to 42.
    const values = Float32Array.from({ length: 80 }, (_, at) =>
      at >= 18 && at < 60 && !(at >= 30 && at < 42) ? 0.9 : 0.1,
    );
    const spans = [{ start: 10, end: 60 }];
    const activation = { values, percentiles };
    const agreement = agreementOf(activation, spans);
    expect(agreement).not.toBeNull();
    if (agreement === null) return;
    expect(agreement).toMatchObject({ isMoreActiveInside: true, inside: 30 / 50, outside: 1 });
    expect(agreement.border).toBeCloseTo(0.5);
    expect(nextWrong(activation, spans, agreement, 0)).toBe(30);
    expect(nextWrong(activation, spans, agreement, 30)).toBeNull();
    expect(isWrongAt(activation, spans, agreement, 11)).toBe(true);
  });

  it('count the sides of the border as they are, for units of either direction', () => {
    fc.assert(
      fc.property(column, fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (numbers, inside) => {
        const values = Float32Array.from(numbers);
        const spans = spansOf(values.map((_, at) => (inside[at] === true ? 1 : 0)));
        const agreement = agreementOf({ values, percentiles }, spans);
        if (agreement === null) return;
        const right = [...values.keys()].filter(
          (at) => !isWrongAt({ values, percentiles }, spans, agreement, at),
        );
        const expected =
          agreement.inside * spanned(spans) + agreement.outside * (values.length - spanned(spans));
        expect(right.length).toBeCloseTo(expected);
      }),
    );
  });

  it('are absent where a property holds everywhere or nowhere', () => {
    const values = Float32Array.from([1, 2, 3]);
    expect(agreementOf({ values, percentiles }, [])).toBeNull();
    expect(agreementOf({ values, percentiles }, [{ start: 0, end: 3 }])).toBeNull();
  });
});

describe('spans', () => {
  const places = fc.array(fc.boolean(), { maxLength: 60 });
  const holds = (
    spans: readonly { readonly start: number; readonly end: number }[],
    count: number,
  ): boolean[] =>
    Array.from({ length: count }, (_, at) => spans.some(({ start, end }) => start <= at && at < end));

  it('know for every position whether it is inside', () => {
    fc.assert(
      fc.property(places, (inside) => {
        const spans = spansOf(inside.map(Number));
        expect(holds(spans, inside.length)).toEqual(inside);
        expect(inside.map((_, at) => spanAt(spans, at) !== null)).toEqual(inside);
        expect(spanned(spans)).toBe(inside.filter(Boolean).length);
      }),
    );
  });

  it('merge with another one and stay separate', () => {
    fc.assert(
      fc.property(places, fc.nat(60), fc.nat(20), (inside, start, length) => {
        const added = { start, end: start + length };
        const spans = withSpan(spansOf(inside.map(Number)), added);
        const expected = Array.from(
          { length: 90 },
          (_, at) => inside[at] === true || (at >= added.start && at < added.end),
        );
        expect(holds(spans, 90)).toEqual(expected);
        for (const [index, span] of spans.entries())
          expect(span.start).toBeGreaterThan(spans[index - 1]?.end ?? -1);
      }),
    );
  });

  it('are cut at the edges of a view', () => {
    const spans = [
      { start: 2, end: 6 },
      { start: 8, end: 9 },
      { start: 20, end: 30 },
    ];
    expect(spansWithin(spans, 4, 25)).toEqual([
      { start: 4, end: 6 },
      { start: 8, end: 9 },
      { start: 20, end: 25 },
    ]);
  });
});
