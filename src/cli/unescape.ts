import { CharloomError } from '../shared/errors.ts';

const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' };

/**
 * A text with the usual escapes decoded: \n, \r, \t, \0, \\, \xHH, \uHHHH, \u{H...}.
 * @throws CharloomError('usage') for any other escape
 */
export function unescape(flag: string, text: string): string {
  return text.replace(
    /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]?))/giu,
    (whole: string, braced?: string, four?: string, two?: string, letter?: string) => {
      const digits = braced ?? four ?? two;
      const code = digits === undefined ? -1 : Number.parseInt(digits, 16);
      const read =
        code < 0 ? simple[letter ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
      if (read !== undefined) return read;
      throw new CharloomError('usage', `--${flag} contains ${whole}, which is not an escape.`, {
        fix: 'Escapes are \\n, \\r, \\t, \\0, \\\\, \\xHH, \\uHHHH and \\u{H...}.',
      });
    },
  );
}
