import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { copiesResult, evalResult, sampleResult, type SampleResult } from '../../src/cli/json-output.ts';
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

async function measure(model: string, path: string): Promise<number> {
  const { code, stdout } = await charloom(['eval', model, path, '--json'], { env });
  expect(code).toBe(0);
  const { loss, left_out: leftOut, replaced } = evalResult.parse(JSON.parse(stdout));
  expect({ leftOut, replaced }).toEqual({ leftOut: 0, replaced: [] });
  return loss ?? Number.NaN;
}

describe('a text written otherwise', () => {
  test('is measured as the same text', async () => {
    const own = await measure('nfc', file('nfc'));
    for (const form of ['nfd', 'crlf'] as const) expect(await measure('nfc', file(form))).toBe(own);
    expect(await measure('nfd', file('nfc'))).toBe(await measure('nfd', file('nfd')));
  });

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

describe('a text that the model cannot read', () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('is measured with a warning, and refused if almost nothing is left', async () => {
    const half = write('half.txt', `${'Ж'.repeat(3000)}${french.slice(0, 3000)}`);
    const { code, stdout } = await charloom(['eval', 'nfc', half], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('50 % of this text could not be read, so the loss means little');
    const json = await charloom(['eval', 'nfc', half, '--json'], { env });
    expect(evalResult.parse(JSON.parse(json.stdout)).left_out).toBe(0.5);
    const none = write('none.txt', `${'Ж'.repeat(1000)}${french.slice(0, 7)}`);
    const refused = await charloom(['eval', 'nfc', none], { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('99 % of this text');
  });

  test('gets a few remarks, not one for each character', async () => {
    const chinese = String.fromCodePoint(...Array.from({ length: 900 }, (_, index) => 0x4e00 + index));
    const line = ['sample', 'nfc', '--prime-text', chinese, '--length', '5'];
    const { stderr } = await charloom(line, { env });
    expect(stderr.trimEnd().split('\n').length).toBeLessThan(20);
    expect(stderr).toContain('888 other characters');
  });

  test('loses whole letters with their marks, and says so', async () => {
    const hindi = write('hindi.txt', 'नमक नमक\n'.repeat(500));
    expect(
      await charloom(['train', hindi, ...quickModel, '--max-iterations', '20', '--name', 'hindi'], { env }),
    ).toMatchObject({ code: 0 });
    const read = async (words: string): Promise<Pick<SampleResult, 'prime_text' | 'replaced'>> => {
      const line = ['sample', 'hindi', '--prime-text', words, '--length', '5', '--json'];
      const { prime_text, replaced } = sampleResult.parse(JSON.parse((await charloom(line, { env })).stdout));
      return { prime_text, replaced };
    };
    // A vowel sign that is not known is a loss, and no sign stays behind without its letter.
    expect(await read('कृ')).toEqual({
      prime_text: 'क',
      replaced: [{ character: 'ृ', count: 1, replacement: null }],
    });
    expect(await read('पें')).toEqual({
      prime_text: '',
      replaced: [{ character: 'पें', count: 1, replacement: null }],
    });
    expect(await read('👩🏽‍🚀')).toEqual({
      prime_text: '',
      replaced: [{ character: '👩🏽‍🚀', count: 1, replacement: null }],
    });
  });
});

describe('opening words and stop text', () => {
  const sample = (...options: readonly string[]) =>
    charloom(['sample', 'nfc', '--length', '400', '--seed', '5', ...options], { env });

  test('that the model never writes are reported', async () => {
    const { code, stderr } = await sample('--stop', '\\n');
    expect(code).toBe(0);
    expect(stderr).toContain('The model never writes the stop text “\\n”: it does not know “\\”.');
    expect(stderr).toContain('--escapes');
    expect((await sample('--stop', '日本')).stderr).toContain('it does not know “日”, “本”');
    expect((await sample('--prime-text', '日本語')).stderr).toContain('the text starts at random');
    expect((await sample('--prime-text', 'là\\noù')).stderr).toContain('--escapes');
  });

  test('read escapes on request', async () => {
    const { stdout, stderr } = await sample(
      '--escapes',
      '--stop',
      '\\n',
      '--prime-text',
      'là\\noù',
      '--json',
    );
    expect(stderr).toBe('');
    const { prime_text: primeText, stopped, text } = sampleResult.parse(JSON.parse(stdout));
    expect(primeText).toBe('là\noù');
    expect(stopped).toBe(true);
    expect(text.indexOf('\n')).toBe(text.length - 1);
    expect(await sample('--escapes', '--stop', '\\q')).toMatchObject({ code: 2, stdout: '' });
  });

  test('stop however the accents are typed', async () => {
    const { stdout } = await sample('--stop', 'é'.normalize('NFD'), '--json');
    const { stopped, text } = sampleResult.parse(JSON.parse(stdout));
    expect(stopped).toBe(text.endsWith('é'));
    expect(text.slice(0, -1)).not.toContain('é');
  });
});
