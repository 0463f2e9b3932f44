import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { inspectResult, type InspectResult } from '../../src/cli/json-output.ts';
import { charloom, type Finished } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('inspect');
let files = 0;

function inspect(content: Uint8Array | string, ...options: readonly string[]): Promise<Finished> {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, content);
  return charloom(['inspect', path, ...options]);
}

async function inspected(
  content: Uint8Array | string,
  ...options: readonly string[]
): Promise<InspectResult> {
  const { code, stdout, stderr } = await inspect(content, '--json', ...options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return inspectResult.parse(JSON.parse(stdout));
}

const floats = new Uint8Array(
  Float32Array.from({ length: 3000 }, (_, index) => (((index * 7919) % 2003) - 1001) / 9000).buffer,
);
const wideNoise = Uint8Array.from({ length: 6000 }, (_, index) =>
  index % 2 === 0 ? ((index / 2) * 7) % 65 : 0,
);

describe('what is no text', () => {
  test.each([
    ['numbers that look like UTF-16', wideNoise],
    ['numbers', floats],
    [
      'numbers of eight bytes',
      new Uint8Array(Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i)).buffer),
    ],
    [
      'safetensors',
      Buffer.concat([Buffer.from([40, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"__metadata__":{"a":"b"}}')]),
    ],
    ['NumPy', Buffer.from('\x93NUMPY\x01\x00v\x00{"descr": "<f4"}', 'latin1')],
    ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n abc', 'latin1')],
    ['MIDI', Buffer.from('MThd\0\0\0\x06\0\x01', 'latin1')],
    ['RIFF', Buffer.from('RIFF\x24\x08\0\0WAVEfmt ', 'latin1')],
    ['Ogg', Buffer.from('OggS\0\x02', 'latin1')],
    ['xz', Buffer.from('\xfd7zXZ\0\0', 'latin1')],
    ['rar', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')],
    ['Torch', Buffer.from('\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1', 'latin1')],
  ])('is refused: %s', async (_, content) => {
    const { code, stdout, stderr } = await inspect(content);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/ is (?:an? |not text|music)/);
    expect(stderr).toContain('--symbols bytes');
  });

  test('has nothing but a byte order mark', async () => {
    expect(await inspect('\ufeff')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('what is a document', () => {
  test.each([
    ['RTF after a byte order mark', '\ufeff{\\rtf1\\ansi Hello}'],
    ['RTF after blanks', '\r\n {\\rtf1\\ansi Hello}'],
    ['RTF in UTF-16', Buffer.from('\ufeff{\\rtf1\\ansi Hello}', 'utf16le')],
  ])('is read: %s', async (_, content) => {
    const { characters, vocabulary } = await inspected(content);
    expect(characters).toBe(6);
    expect(vocabulary.map(({ symbol }) => symbol).join('')).toBe('\nHelo');
  });
});

describe('what is text', () => {
  test.each([
    ['words with a null after each', 'cat\0'.repeat(5000), 'utf-8'],
    ['words with accents and a null after each', 'caf\u00e9s\0'.repeat(500), 'utf-8'],
    [
      'UTF-16 in Russian',
      Buffer.from('\u043a\u043e\u0442 \u0438 \u043f\u0451\u0441\n'.repeat(200), 'utf16le'),
      'utf-16le',
    ],
    ['UTF-16 in Hindi', Buffer.from('\u0928\u092e\u0915 \u0914\u0930\n'.repeat(200), 'utf16le'), 'utf-16le'],
    ['UTF-16 in Chinese', Buffer.from('\u5b66\u800c\u65f6\u4e60\u4e4b\n'.repeat(200), 'utf16le'), 'utf-16le'],
    ['ISO-2022-JP', Buffer.concat([Buffer.from('\x1b$B$3$s$K$A$O\x1b(B hello\n', 'latin1')]), 'iso-2022-jp'],
  ])('is read: %s', async (_, content, encoding) => {
    expect(await inspected(content)).toMatchObject({ encoding });
  });

  test('and every character of it is right, whatever it was written on', async () => {
    for (const [encoding, text] of [
      [
        'cp874',
        '\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01 \u0e41\u0e21\u0e48\u0e19\u0e49\u0e33\n',
      ],
      ['cp850', 'Gr\u00f6\u00dfe f\u00fcr \u00d6l\n'],
      ['macintosh', 'Gr\u00f6\u00dfe f\u00fcr \u00d6l\n'],
      ['iso-8859-15', 'Mon c\u0153ur pour 12 \u20ac\n'],
      [
        'koi8-r',
        '\u041c\u043e\u0440\u043e\u0437 \u0438 \u0441\u043e\u043b\u043d\u0446\u0435 \u0435\u0449\u0451 \u0434\u0440\u0443\u0433\n',
      ],
    ] as const) {
      const { vocabulary } = await inspected(iconv.encode(text.repeat(300), encoding));
      const symbols = vocabulary.map(({ symbol }) => symbol).sort();
      expect([encoding, symbols]).toEqual([encoding, [...new Set(text)].sort()]);
    }
  });
});
