import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeControlCharacters } from '../../../src/cli/escape-control-characters.ts';
import { Output } from '../../../src/cli/output.ts';
import { runNameFor } from '../../../src/cli/train/run-name.ts';
import { runSettings } from '../../../src/shared/domain/run-settings.ts';

/** Gathers what is written; a terminal or a pipe. */
function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  return { isTTY, write, once: () => undefined as never, text: () => written.join('') };
}

describe('untrusted text on a terminal', () => {
  test.each([
    ['\u001b[2J\u001b]0;title\u0007', '␛[2J␛]0;title␇'],
    ['one\r\ntwo\tthree', 'one\ntwo\tthree'],
    ['\u007f\u0090\u009b31m', '␡\ufffd\ufffd31m'],
    ['a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
    ['Ωé😀漢', 'Ωé😀漢'],
  ])('%j is shown as %j', (text, shown) => expect(escapeControlCharacters(text)).toBe(shown));

  test('control sequences are removed, and nothing else is changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const shown = escapeControlCharacters(text);
        expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
        if (!/[\p{Cc}\p{Cf}]/u.test(text)) expect(shown).toBe(text);
      }),
    );
  });

  test('is escaped on a terminal only: a file gets it unchanged', async () => {
    const [terminal, pipe] = [stream(true), stream(false)];
    for (const streams of [terminal, pipe]) {
      const output = new Output(false, { stdout: streams, stderr: streams });
      await output.write('\u001b[31m');
      output.line('\u0007');
      output.note('\u0000');
    }
    expect(terminal.text()).toBe('␛[31m␇\n␀\n');
    expect(pipe.text()).toBe('\u001b[31m\u0007\n\u0000\n');
  });
});

describe('the name of a run', () => {
  test.each([
    ['books/My novel (3rd draft).txt', 'My novel 3rd draft'],
    ['.hidden.txt', 'hidden'],
    ["Alice's Adventures.txt", "Alice's Adventures"],
    ['Война и мир.txt', 'Война и мир'],
    ['???.txt', 'lstm'],
    ['/dev/stdin', 'stdin'],
  ])('from %s is %s', (path, name) => expect(runNameFor(path)).toBe(name));

  test('is always valid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (path) => {
        expect(runNameFor(path)).toMatch(runSettings.name.pattern);
      }),
    );
  });
});
