import { expect, test } from 'vitest';
import { findInText } from '../../../../src/node/texts/corpus-queries.ts';
import { readTextFile } from '../../../../src/node/texts/text-file.ts';
import { temporaryFolder, writeText } from '../../../support/texts.ts';

const folder = temporaryFolder('find');
const text = 'un été\r\nun hiver\r\nun été';

test.each([text, text.normalize('NFD'), text.replaceAll('\r\n', '\n')])(
  'words are found in %j in any spelling, and the places cover them',
  async (written) => {
    const path = writeText(folder, `${written.length}.txt`, written);
    const { corpus } = await readTextFile(path);
    const symbols = Array.from(written);
    for (const typed of ['été', 'été'.normalize('NFD'), 'été\nun', 'été\r\nun']) {
      const { total, positions, ends } = await findInText(corpus, typed, 10);
      expect(total).toBe(typed.includes('un') ? 1 : 2);
      const [start = 0, end = 0] = [positions[0], ends[0]];
      const found = symbols.slice(start, end).join('').normalize('NFC').replace('\r', '');
      expect(found).toBe(typed.normalize('NFC').replace('\r', ''));
    }
    expect(await findInText(corpus, 'ete', 10)).toEqual({ total: 0, positions: [], ends: [] });
  },
);
