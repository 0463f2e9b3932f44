import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { copiesResult } from '../../src/cli/json-output.ts';
import { charloom } from '../support/processes.ts';
import { quickModel, temporaryFolder } from '../support/texts.ts';

/** One text, written as different systems and editors write it. */
const folder = temporaryFolder('spelling');
const env = { CHARLOOM_HOME: join(folder, 'home') };
const french = 'L’été là-bas, près de la forêt, où naît un garçon.\nÀ Noël, où es-tu ?\n'.repeat(60);
const forms = {
  nfc: french,
  nfd: french.normalize('NFD'),
  crlf: french.replaceAll('\n', '\r\n'),
  cr: french.replaceAll('\n', '\r'),
} as const;
type Form = keyof typeof forms;
const names = Object.keys(forms) as Form[];
const file = (form: Form): string => join(folder, `${form}.txt`);

beforeAll(async () => {
  for (const form of names) {
    writeFileSync(file(form), forms[form]);
    const line = ['train', file(form), ...quickModel, '--max-iterations', '60', '--name', form];
    expect(await charloom(line, { env })).toMatchObject({ code: 0 });
  }
});

describe('a text written otherwise', () => {
  test.each(names.flatMap((model) => names.map((text) => [model, text] as const)))(
    'a model of %s finds %s copied, passage for passage',
    async (model, text) => {
      const part = join(folder, `${model}-${text}-part.txt`);
      writeFileSync(part, forms[text].slice(0, 400));
      const { code, stdout } = await charloom(['copies', model, part, '--json'], { env });
      expect(code).toBe(0);
      const result = copiesResult.parse(JSON.parse(stdout));
      expect(result.share).toBe(1);
      expect(result.passages[0]?.line).toBe(1);
    },
  );
});
