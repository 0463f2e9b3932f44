import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { fixture } from '../support/documents.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';
import { endless, quick } from '../support/workbench-runs.ts';

/** Files of the folder, by the fixtures that they are. */
const lettersFolder = {
  '1.docx': 'texts/pan-alice.docx',
  '2.epub': 'texts/pan-alice.epub',
  '3.pdf': 'texts/lo-alice.pdf',
  '9.docx': 'hostile/trunc.docx',
  'locked.pdf': 'hostile/enc-user.pdf',
};

describe.skipIf(!hasChromium)('a text made of several files', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({ width: 1000, height: 800 });
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('is made of all files dropped together, apart from a damaged one', async () => {
    const { page } = opened;
    await page.getByRole('heading', { name: 'Teach a model to write' }).waitFor();
    await opened.dropAll({
      '10 notes.txt': 'The last of them is a plain text.  \n\n\n\n\nIt ends “here”.\n',
      '2 alice.docx': fixture('texts/pan-alice.docx'),
      '3 broken.docx': fixture('hostile/trunc.docx'),
    });
    await page.getByRole('heading', { name: '2 alice.docx and 2 more', level: 1 }).waitFor();
    await page.getByText('3 broken.docx is damaged').first().waitFor();
    const files = page.getByRole('region', { name: 'Made from' }).locator('ol > li');
    await expect.poll(() => files.count()).toBe(2);
    expect(await files.allInnerTexts()).toMatchObject([
      expect.stringContaining('2 alice.docx a Word document'),
      expect.stringContaining('10 notes.txt a plain text'),
    ]);
    await page.setViewportSize({ width: 320, height: 800 });
    await opened.check('made-text');
    await page.setViewportSize({ width: 1000, height: 800 });
  });

  test('is cleaned, reordered, and kept in its earlier state', async () => {
    const { page } = opened;
    const before = page.url();
    const clean = page.getByRole('region', { name: 'Clean' });
    await clean.locator('summary', { hasText: 'Plain quotes' }).click();
    await clean.getByRole('button', { name: /example 1 of Plain quotes/ }).click();
    await clean.getByRole('checkbox', { name: 'Plain quotes and dashes' }).check();
    await page.getByRole('button', { name: 'Later 2 alice.docx' }).click();
    const made = page.getByRole('region', { name: 'Made from' });
    await made.getByLabel('Between two files').fill('* * *');
    await made.getByRole('button', { name: 'Create the text again' }).click();
    await expect.poll(() => page.url()).not.toBe(before);
    await expect.poll(() => made.locator('ol > li').first().innerText()).toContain('10 notes.txt');
    await clean.getByText('places changed').first().waitFor();
    expect(await clean.getByRole('checkbox', { name: 'Plain quotes and dashes' }).isChecked()).toBe(true);
    await page.getByText('The last of them is a plain text.').first().waitFor();
    const texts = (await opened.served.request('texts.list', null)).filter(
      ({ source }) => source === 'upload',
    );
    expect(texts.map(({ title, about }) => [title, about])).toEqual([
      ['2 alice.docx and 2 more', ''],
      ['2 alice.docx and 2 more', 'An earlier version of the text with this name.'],
    ]);
  });

  test('is made of a folder', async () => {
    const { page } = opened;
    const folder = join(opened.home, 'letters');
    mkdirSync(folder);
    for (const [name, path] of Object.entries(lettersFolder))
      writeFileSync(join(folder, name), fixture(path));
    await opened.go('#/data');
    await page.getByLabel('Folder of texts').setInputFiles(folder);
    await page.getByRole('heading', { name: 'letters', level: 1 }).waitFor();
    const made = page.getByRole('region', { name: 'Made from' });
    await made.getByText('a PDF document').waitFor();
    await made.getByText('an EPUB book').waitFor();
    await made.getByText('9.docx is damaged').waitFor();
    // A locked file is asked for its password.
    await made.getByLabel('Password of locked.pdf').fill('secret');
    await made.getByRole('button', { name: 'Read it' }).click();
    await made.locator('ol > li', { hasText: 'locked.pdf' }).waitFor();
    const kept = readdirSync(join(opened.home, 'texts'), { recursive: true }).map(String);
    const records = kept.filter((name) => name.endsWith('source.json'));
    expect(records.length).toBeGreaterThan(0);
    for (const name of records) {
      expect(readFileSync(join(opened.home, 'texts', name), 'utf8')).not.toContain('secret');
    }
  });

  test('is trained on, and the run resumes where it was stopped', async () => {
    const { page, served } = opened;
    const [text] = (await served.request('texts.list', null)).filter(({ title }) => title === 'letters');
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    const settings = { ...quick, ...endless, name: 'letters' };
    await served.request('runs.start', { requests: [{ text: text?.id ?? '', settings, ...common }] });
    const look = async () => (await served.request('runs.get', { run: 'letters' })).run;
    await expect.poll(async () => (await look()).iteration).toBeGreaterThan(5);
    await opened.go('#/runs/letters');
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await expect.poll(async () => (await look()).state).toBe('stopped');
    const { iteration } = await look();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Resume|Go on/ })
      .click();
    await expect.poll(async () => (await look()).iteration).toBeGreaterThan(iteration);
    await served.request('runs.stop', { run: 'letters' });
    await expect.poll(async () => (await look()).state).toBe('stopped');
    expect(await page.getByText('An earlier version of the text').count()).toBe(0);
  });

  test('is called an earlier state where a run trains on it', async () => {
    const { page, served } = opened;
    const earlier = (await served.request('texts.list', null)).find(({ about }) =>
      about.startsWith('An earlier'),
    );
    const settings = { ...quick, ...endless, name: 'earlier' };
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await served.request('runs.start', { requests: [{ text: earlier?.id ?? '', settings, ...common }] });
    await opened.go('#/runs/earlier');
    await page.getByText('An earlier version of the text').first().waitFor();
    await served.request('runs.stop', { run: 'earlier' });
  });
});
