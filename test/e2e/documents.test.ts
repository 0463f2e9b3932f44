import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { fixture } from '../support/documents.ts';
import { hostileDocuments } from '../support/hostile-documents.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describe.skipIf(!hasChromium)('documents that are dropped', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({ width: 900, height: 700 });
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('on Home become texts that a run can train on', async () => {
    const { page } = opened;
    await page.getByRole('heading', { name: 'Teach a model to write' }).waitFor();
    await opened.drop('my letters.docx', fixture('texts/pan-alice.docx'));
    await page.getByRole('heading', { name: 'my letters.docx', level: 1 }).waitFor();
    await page.getByText('“my letters.docx” was read as a Word document.').waitFor();
    await page.getByText('CHAPTER I', { exact: false }).first().waitFor();
    await page.getByText('Read as utf-8').waitFor();
  });

  test('on the page of another text are read too, and what was left out is reported', async () => {
    const { page } = opened;
    await opened.drop('chat.txt', fixture('chats/_chat.txt'));
    await page.getByRole('heading', { name: 'chat.txt', level: 1 }).waitFor();
    await page.getByText('2 messages without words were left out.').waitFor();
    await page.getByText('Frohe Weihnachten!', { exact: false }).first().waitFor();
  });

  test('that cannot be read give a reason and a fix', async () => {
    const { page } = opened;
    await opened.drop('broken.docx', fixture('hostile/trunc.docx'));
    await page.getByText('broken.docx is damaged').waitFor();
    await page.getByText('Import another copy of it').waitFor();
    await page.getByRole('heading', { name: 'chat.txt', level: 1 }).waitFor();
  });

  test('that take long show progress and can be cancelled', async () => {
    const { page } = opened;
    await opened.go('#/data');
    await opened.drop('endless.pdf', hostileDocuments['endless.pdf']?.make() ?? '');
    await page.getByText('Reading endless.pdf').waitFor();
    await opened.check('document-reading');
    await page.getByRole('button', { name: 'Cancel reading endless.pdf' }).click();
    await page.getByText('Reading endless.pdf').waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: 'endless.pdf' }).count()).toBe(0);
  });
});
