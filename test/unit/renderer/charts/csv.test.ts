import { describe, expect, it } from 'vitest';
import { csvLines } from '../../../../src/renderer/charts/csv.ts';
import { lossCsv } from '../../../../src/renderer/charts/loss-curves.ts';
import { RunSeries } from '../../../../src/renderer/charts/run-series.ts';

function text(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [...csvLines({ columns, rows })].join('');
}

describe('csvLines', () => {
  it('writes what RFC 4180 says', () => {
    expect(
      text(
        ['name', 'loss'],
        [
          ['a "good", long run', 1.5],
          ['two\nlines', null],
        ],
      ),
    ).toBe('name,loss\r\n"a ""good"", long run",1.5\r\n"two\nlines",\r\n');
  });

  it('leaves out what is not a number and keeps every digit of numbers', () => {
    expect(text(['x'], [[Number.NaN], [Infinity], [0.1 + 0.2]])).toBe('x\r\n\r\n\r\n0.30000000000000004\r\n');
  });

  it('turns no name into a formula, and no number into text', () => {
    expect(text(['=cmd'], [['+1'], ['@a'], [-1.5]])).toBe("'=cmd\r\n'+1\r\n'@a\r\n-1.5\r\n");
  });
});

describe('lossCsv', () => {
  it('has one line an iteration, the validation loss where it was measured', () => {
    const series = new RunSeries();
    series.append({
      iteration: [1, 2],
      epoch: [0.5, 1],
      loss: [4, null],
      learningRate: [0.002, 0.002],
      gradientNorm: [1, null],
      parameterNorm: [20, null],
      milliseconds: [1500, 500],
    });
    series.evaluate(2, 1, { validationLoss: 3.25 });
    const lines = [...csvLines(lossCsv(series))].join('').split('\r\n');
    expect(lines.slice(1)).toEqual(['1,0.5,1.5,4,,0.002,1,1500', '2,1,2,,3.25,0.002,,500', '']);
  });
});
