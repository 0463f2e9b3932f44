import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copiesResult } from '../../src/cli/json-output.ts';
import { readCheckpointHeader } from '../../src/node/files/checkpoint-files.ts';
import type { CopiesItem } from '../../src/shared/domain/copies.ts';
import { planChunks } from '../../src/shared/planning/plan.ts';
import { stretchesBetween } from '../../src/shared/planning/streams.ts';
import { overfittingRun, type OverfittingRun } from '../support/overfitting-run.ts';
import { charloom } from '../support/processes.ts';
import { quickModel, wordyText, writeText } from '../support/texts.ts';
import { newFolders, openWorkbench, type WorkbenchPage } from '../support/workbench.ts';

const shortest = 30;
const folders = newFolders();
let run: OverfittingRun;
let name = '';
let page: WorkbenchPage;
/** The parts of the text that the run learned from. */
let learned: readonly string[];
/** Half of it copied. */
let sample = '';

beforeAll(async () => {
  run = await overfittingRun(folders.home);
  [name = ''] = readdirSync(folders.runs);
  page = await openWorkbench(folders);
  const [file = ''] = readdirSync(run.checkpoints);
  const { settings } = (await readCheckpointHeader(join(run.checkpoints, file))).metadata;
  const text = Array.from(run.text);
  const plan = planChunks({ ...settings, characters: text.length, maxEpochs: 1 });
  const parts = stretchesBetween(plan, 0, text.length);
  const cut = ({ start, end }: { start: number; end: number }): string => text.slice(start, end).join('');
  learned = parts.filter(({ place }) => place === 'train').map(cut);
  const unseen = cut(
    parts.filter(({ place }) => place === 'dropped' || place === 'test')[0] ?? { start: 0, end: 0 },
  );
  const invented = Array.from({ length: 40 }, (_, index) => `word${index} is no word 😀`).join(' ');
  sample = `${invented} ${learned[2]?.slice(100, 400)} ${invented} ${unseen.slice(0, 200)} ${learned[0]?.slice(-150)}`;
}, 120_000);
afterAll(() => page.workbench.dispose());

/** Share of a sample's symbols in windows that JavaScript itself finds in the training text. */
function shareByForce(written: string): number {
  const symbols = Array.from(written);
  const covered = symbols.map(() => false);
  for (let start = 0; start + shortest <= symbols.length; start++) {
    const window = symbols.slice(start, start + shortest).join('');
    if (learned.some((part) => part.includes(window))) covered.fill(true, start, start + shortest);
  }
  return covered.filter(Boolean).length / symbols.length;
}

async function compare(of = name): Promise<CopiesItem> {
  const heard = page.open('models.copies', { model: { kind: 'run', run: of, file: null }, sample });
  const compared = await heard.item((item) => item.kind === 'compared');
  await heard.stream.ended;
  return compared;
}

describe('what is copied', () => {
  test('is reported to pages, as positions in the given string', async () => {
    const compared = await compare();
    if (compared.kind !== 'compared') throw new Error('not compared');
    expect(compared.sample.share).toBeCloseTo(shareByForce(sample), 10);
    expect(compared.sample.share).toBeGreaterThan(0.2);
    const [longest] = compared.passages;
    expect(longest?.length).toBe(compared.sample.longest);
    expect(sample.slice(longest?.start, longest?.end)).toContain(learned[2]?.slice(100, 400));
    for (const { start, end, line, position } of compared.passages) {
      const words = sample.slice(start, end);
      const before = Array.from(run.text).slice(0, position).join('');
      expect(run.text.slice(before.length, before.length + words.length)).toBe(words);
      expect(line).toBe(before.split('\n').length);
    }
    // Another part of the same book hardly repeats it.
    expect(compared.control?.share).toBeLessThan(0.1);
    expect(page.defects).toEqual([]);
  });

  test('is reported by the command line, for a file and for standard input', async () => {
    const written = join(folders.home, 'written.txt');
    writeFileSync(written, sample);
    const env = { CHARLOOM_HOME: folders.home };
    const { code, stdout } = await charloom(['copies', name, written, '--json'], { env });
    expect(code).toBe(0);
    const result = copiesResult.parse(JSON.parse(stdout));
    expect(result.share).toBeCloseTo(shareByForce(sample), 10);
    expect(sample).toContain(result.passages[0]?.words);
    const said = await charloom(['copies', name, '-'], { env, input: sample });
    expect(said.stdout).toMatch(/^\d+ % of it occurs word for word .* memorised parts/);
    expect(said.stdout).toContain(`line ${result.passages[0]?.line} `);
  });

  test('is counted in lines as shown, for any line ends', async () => {
    const ends = ['\n', '\r\n', '\r', '\u0085', '\u2028', '\u2029'];
    const whole = Array.from(
      { length: 900 },
      (_, i) => `line ${i} is ${(i * 7919) % 997}${ends[i % 6]}`,
    ).join('');
    const text = writeText(folders.home, 'separated.txt', whole);
    const env = { CHARLOOM_HOME: folders.home };
    const train = ['train', text, ...quickModel, '--max-iterations', '2', '--eval-every', '2'];
    expect(await charloom(train, { env })).toMatchObject({ code: 0 });
    const line = ['copies', 'separated', '-', '--json'];
    const { stdout } = await charloom(line, { env, input: whole.slice(4000, 4400) });
    const { passages } = copiesResult.parse(JSON.parse(stdout));
    expect(passages.length).toBeGreaterThan(0);
    for (const { position, line: told } of passages) {
      expect(told).toBe(whole.slice(0, position).split(/\r\n|[\n\r\u0085\u2028\u2029]/).length);
      expect(told).toBeGreaterThan(100);
    }
  });

  test('is found when the text has moved within the list; otherwise the missing text is named', async () => {
    const env = { CHARLOOM_HOME: folders.home };
    const text = writeText(folders.home, 'words.txt', wordyText(20_000));
    const train = ['train', text, ...quickModel, '--max-iterations', '2', '--eval-every', '2'];
    expect(await charloom(train, { env })).toMatchObject({ code: 0 });
    const elsewhere = join(folders.home, 'elsewhere.txt');
    renameSync(text, elsewhere);
    await expect(compare('words')).rejects.toMatchObject({
      code: 'not-found',
      fix: expect.stringContaining('recognises it by its content') as unknown,
    });
    const { code, stderr } = await charloom(['copies', 'words', elsewhere], { env });
    expect({ code, stderr }).toMatchObject({
      stderr: expect.stringContaining('There is no file') as unknown,
    });
    await page.workbench.addTextFile(elsewhere);
    expect(await compare('words')).toMatchObject({ kind: 'compared' });
    const record = join(folders.runs, 'words', 'run.json');
    renameSync(record, `${record}.lost`);
    expect(await compare('words')).toMatchObject({ kind: 'compared' });
    renameSync(`${record}.lost`, record);
    writeFileSync(elsewhere, wordyText(20_000).replace('a', 'b'));
    await expect(compare('words')).rejects.toMatchObject({ code: 'not-found' });
    const changed = await charloom(['copies', 'words', elsewhere, '--text', elsewhere], { env });
    expect(changed).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not this model’s training text') as unknown,
    });
  });
});
