import { copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insideResult } from '../../src/cli/json-output.ts';
import type { ModelReference } from '../../src/shared/domain/run.ts';
import { InspectionStream, talkingRun, talkingText, type TalkingRun } from '../support/inspection-stream.ts';
import { charloom } from '../support/processes.ts';
import { session } from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';
import { newFolders, openWorkbench, type WorkbenchPage } from '../support/workbench.ts';

const folders = newFolders();
const env = { CHARLOOM_HOME: folders.home };
let run: TalkingRun;
let name = '';
let page: WorkbenchPage;

beforeAll(async () => {
  run = await talkingRun(folders);
  [name = ''] = readdirSync(folders.runs);
  page = await openWorkbench(folders);
}, 120_000);
afterAll(() => page.workbench.dispose());

describe('the text that is inspected', () => {
  test('is reported missing where it is, and another text, or a written one, is used', async () => {
    const elsewhere = temporaryFolder('model');
    const away = { home: elsewhere, runs: join(elsewhere, 'runs') };
    const { checkpoints } = await talkingRun(away);
    const file = join(elsewhere, 'alone.safetensors');
    copyFileSync(join(checkpoints, readdirSync(checkpoints)[0] ?? ''), file);
    const own = newFolders();
    const other = await openWorkbench(own);
    const model = await other.workbench.addModelFile(file);
    const missing = other.open('models.inspect', { model, text: { kind: 'learned' } });
    await expect(missing.stream.ended).rejects.toMatchObject({
      code: 'not-found',
      fix: expect.stringContaining('choose another text') as unknown,
    });
    const { id } = await other.workbench.addTextFile(writeText(elsewhere, 'other.txt', talkingText(9000, 5)));
    const second = new InspectionStream(
      other.open('models.inspect', { model, text: { kind: 'text', text: id } }),
    );
    const ready = await second.item('ready');
    expect(ready).toMatchObject({ textTitle: 'other.txt', length: Array.from(talkingText(9000, 5)).length });
    expect(ready.pieces.length).toBeGreaterThan(3);
    second.heard.stream.close();
    const written = { kind: 'written', text: wordyText(500, 9) } as const;
    const third = new InspectionStream(other.open('models.inspect', { model, text: written }));
    expect((await third.item('ready')).pieces).toEqual([{ start: 0, end: 500, position: 0, learned: false }]);
    third.heard.stream.close();
    expect(other.defects).toEqual([]);
    await other.workbench.dispose();
  }, 120_000);
});

describe('a run that trains', () => {
  test('computes the same numbers while a model is inspected', async () => {
    const text = writeText(folders.home, 'beside.txt', wordyText(6000));
    const size = { batchSize: 5, sequenceLength: 20, rnnSize: 24, numLayers: 2 };
    const settings = { name: 'beside', ...size, maxIterations: 60, evaluateEvery: 30 };
    const alone = await session({ text, settings, runs: temporaryFolder('runs') });
    const model: ModelReference = { kind: 'run', run: name, file: null };
    const stream = new InspectionStream(page.open('models.inspect', { model, text: { kind: 'learned' } }));
    await stream.item('ready');
    stream.begin({ kind: 'search', properties: [] });
    const beside = await session({ text, settings, runs: temporaryFolder('runs') });
    expect(beside.steps).toEqual(alone.steps);
    expect(beside.steps).toHaveLength(60);
    stream.heard.stream.close();
  }, 120_000);
});

describe('charloom inside', () => {
  test('prints JSON, writes states that NumPy can read, and a table of the symbols', async () => {
    const states = join(folders.home, 'states.npy');
    const properties = ['--property', 'capital', '--pair', '()'];
    const holds = ['--hold', '1.4=high', '--hold', 'h2.5=-0.5', '--length', '200'];
    const words = ['inside', name, ...properties, ...holds, '--states', states, '--json'];
    const { code, stdout, stderr } = await charloom(words, { env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const result = insideResult.parse(JSON.parse(stdout));
    expect(result.text).toBe(run.textPath);
    expect(result.properties.map(({ name: what }) => what)).toEqual(['capital', '( )']);
    expect(result.reach).toHaveLength(11);
    expect(result.reach.at(-1)?.characters).toBeNull();
    expect(result.held?.units).toMatchObject([
      { unit: '1.4', kind: 'c' },
      { unit: '2.5', kind: 'h', value: -0.5 },
    ]);
    expect(Array.from(result.held?.text ?? '')).toHaveLength(200);
    expect(result.states.every((file) => existsSync(file))).toBe(true);
    const bytes = readFileSync(states);
    expect(bytes.subarray(1, 6).toString()).toBe('NUMPY');
    const begin = 10 + bytes.readUInt16LE(8);
    expect(begin % 64).toBe(0);
    expect(bytes.subarray(10, begin).toString()).toContain(`'shape': (${result.symbols}, 96)`);
    expect(bytes.length - begin).toBe(result.symbols * 96 * 4);
    const outputs = Array.from({ length: 24 }, (_, unit) => bytes.readFloatLE(begin + 4 * (777 * 96 + unit)));
    expect(outputs.every((output) => Math.abs(output) <= 1 && output !== 0)).toBe(true);
    const table = readFileSync(result.states[1] ?? '', 'utf8');
    expect(table.slice(0, table.indexOf('\n'))).toBe(
      '"row","piece","place","symbol","learned","capital","( )"',
    );
    expect(readFileSync(result.states[2] ?? '', 'utf8')).toContain('numpy.load');
  }, 120_000);

  test('reports invalid requests', async () => {
    const cases = [
      [['--hold', '2'], 'LAYER.UNIT=high, low, mean or a number'],
      [['--hold', '9.1=high'], 'no unit 1 in layer 9'],
      [['--property', 'quotess'], 'Did you mean --property quotes?'],
      [['--pair', '('], 'an opening and a closing mark'],
      [['--hold', 'h1.1=2'], 'between -1 and 1'],
      [['--states', 'states.csv', '--property', 'digit'], 'must end in .npy'],
      [['--states', join(folders.home, 'states.npy')], 'There is already a file or folder named states.npy'],
      [['--text', 'nowhere.txt'], 'nowhere.txt'],
    ] as const;
    for (const [words, sentence] of cases) {
      const { code, stderr } = await charloom(['inside', name, ...words], { env });
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(sentence) as unknown,
      });
    }
  }, 120_000);
});
