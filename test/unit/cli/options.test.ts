import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addSettings, givenSettings, parseNumber, parseSetting } from '../../../src/cli/options.ts';
import { editDistance, nearest } from '../../../src/cli/suggest.ts';
import { runSettings } from '../../../src/shared/domain/run-settings.ts';
import { sampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import { CharloomError } from '../../../src/shared/errors.ts';

function refusal(work: () => unknown): { code: string; message: string; fix: string | undefined } {
  try {
    work();
  } catch (error) {
    if (error instanceof CharloomError) return { code: error.code, message: error.message, fix: error.fix };
    throw error;
  }
  throw new Error('was accepted');
}

describe('values from the command line', () => {
  test.each([
    ['50', 50],
    ['1e3', 1000],
    ['+7', 7],
    ['2.', 2],
    ['007', 7],
  ])('%s is a whole number', (text, value) => expect(parseSetting(runSettings.batchSize, text)).toBe(value));

  test.each([
    '',
    ' ',
    '0x32',
    '5_0',
    '1,000',
    'NaN',
    'Infinity',
    '-5',
    '2.5',
    '1e9',
    '5 0',
    '٥',
    'fifty',
    '--json',
  ])('“%s” is no batch size', (text) => {
    const { code, message } = refusal(() => parseSetting(runSettings.batchSize, text));
    expect(code).toBe('usage');
    expect(message).toContain('--batch-size');
    expect(message).toContain('a whole number from 1 to 65,536');
  });

  test('a mistyped option gets a suggestion', () => {
    expect(refusal(() => parseSetting(runSettings.model, 'ltsm')).fix).toBe('Did you mean --model lstm?');
    expect(refusal(() => parseSetting(runSettings.model, 'transformer')).fix).toBeUndefined();
  });

  test.each([
    [sampleSettings.temperature, '0,5', '--temperature 0.5.'],
    [runSettings.batchSize, '1,000', '--batch-size 1000.'],
    [sampleSettings.length, '2 000', '--length 2000.'],
    [runSettings.trainFraction, '0,9', '--train-frac 0.9.'],
    [runSettings.batchSize, '1.000', '--batch-size 1 or --batch-size 1000.'],
  ])('%s: a number of another locale gets the accepted spelling', (definition, typed, fix) => {
    expect(refusal(() => parseSetting(definition, typed)).fix).toContain(
      `point and numbers without thousands separators: ${fix}`,
    );
  });

  test('every finite number survives being typed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // String(-0) is "0", which is not what a user types for -0.
        const typed = Object.is(value, -0) ? '-0' : String(value);
        expect(parseNumber(typed)).toBe(value);
      }),
    );
  });

  test('only what was given comes out, under the keys of the table', () => {
    const command = addSettings(addSettings(new Command(), runSettings), {
      primeText: sampleSettings.primeText,
    });
    command.parse(['--seq-length', '25', '--model', 'gru', '--prime-text', '-x'], { from: 'user' });
    expect(givenSettings(runSettings, command.opts())).toEqual({ sequenceLength: 25, model: 'gru' });
    expect(givenSettings(sampleSettings, command.opts())).toEqual({ primeText: '-x' });
  });
});

describe('suggestions', () => {
  test.each([
    ['recover', 'recover', 0],
    ['recvoer', 'recover', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s and %s are %d edits apart', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
    expect(editDistance(right, left)).toBe(distance);
  });

  test('nothing is suggested when nothing is near', () => {
    expect(nearest('GRU', ['lstm', 'gru', 'rnn'])).toBe('gru');
    expect(nearest('banana', ['lstm', 'gru', 'rnn'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });
});
