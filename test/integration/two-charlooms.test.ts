import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp } from '../support/electron-app.ts';
import { ask } from '../support/electron-asks.ts';
import { Served } from '../support/served.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';
import { quick } from '../support/workbench-runs.ts';

const open: Served[] = [];
afterEach(async () => {
  for (const { running } of open) running.process.kill('SIGINT');
  await Promise.all(open.splice(0).map(({ running }) => running.finished));
});

async function serve(home: string): Promise<Served> {
  const served = await Served.start([], { env: { CHARLOOM_HOME: home } });
  open.push(served);
  return served;
}

async function titlesIn(served: Served): Promise<readonly string[]> {
  const texts = await served.request('texts.list', null);
  return texts.filter(({ source }) => source !== 'sample').map(({ title }) => title);
}

const preset = (name: string) => ({ name, settings: defaultRunSettings });

describe('two Charlooms on one home', () => {
  test('lose no text that either imports, one after another or at the same time', async () => {
    const home = temporaryFolder('two');
    const [a, b] = [await serve(home), await serve(home)];
    for (const [served, name, seed] of [
      [a, 'one', 1],
      [b, 'two', 2],
      [a, 'three', 3],
    ] as const) {
      await served.upload(`${name}.txt`, wordyText(2000, seed));
    }
    expect(await titlesIn(a)).toEqual(['three.txt', 'two.txt', 'one.txt']);
    expect(await titlesIn(b)).toEqual(await titlesIn(a));

    const names = Array.from({ length: 12 }, (_, index) => `many-${index}.txt`);
    await Promise.all(
      names.map((name, index) => (index % 2 === 0 ? a : b).upload(name, wordyText(2000, 10 + index))),
    );
    const all = ['one.txt', 'three.txt', 'two.txt', ...names].toSorted();
    expect((await titlesIn(a)).toSorted()).toEqual(all);
    expect((await titlesIn(b)).toSorted()).toEqual(all);
    // Each has its file, no lock is left, and the next process finds everything.
    expect(readdirSync(join(home, 'texts'))).toHaveLength(all.length);
    expect(readdirSync(home).filter((name) => name.includes('.lock'))).toEqual([]);
    expect((await titlesIn(await serve(home))).toSorted()).toEqual(all);
  });

  test('see what the other removes from the list, and can restore it', async () => {
    const home = temporaryFolder('two');
    const [a, b] = [await serve(home), await serve(home)];
    const { id } = await a.upload('novel.txt', wordyText(2000));
    expect(await titlesIn(b)).toEqual(['novel.txt']);
    await b.request('texts.forget', { text: id });
    expect(await titlesIn(a)).toEqual([]);
    await b.request('texts.restore', { text: id });
    expect(await titlesIn(a)).toEqual(['novel.txt']);
  });

  test('keep the settings of both, each preset separately, and follow each other', async () => {
    const home = temporaryFolder('two');
    const [a, b] = [await serve(home), await serve(home)];
    const { heard } = await b.open('workbench.watch', null);
    await a.request('settings.change', { theme: 'dark', presets: [preset('from a')] });
    // A page of the other hears of it without asking.
    await expect
      .poll(() => heard.items.findLast(({ kind }) => kind === 'settings'))
      .toMatchObject({ settings: { theme: 'dark', presets: [{ name: 'from a' }] } });
    await Promise.all([
      a.request('settings.change', { textSize: 1.2 }),
      b.request('settings.change', { keepBest: 3, presets: [preset('from a'), preset('from b')] }),
    ]);
    const both = {
      theme: 'dark',
      textSize: 1.2,
      keepBest: 3,
      presets: [{ name: 'from a' }, { name: 'from b' }],
    };
    expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject(both);
    for (const served of [a, b]) {
      await expect.poll(() => served.request('settings.get', null)).toMatchObject(both);
    }
  });

  test('train in one of them, and the other says so', async () => {
    const home = temporaryFolder('two');
    const [a, b] = [await serve(home), await serve(home)];
    const { id: text } = await b.upload('novel.txt', wordyText(20_000));
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    const requests = [{ text, settings: quick, ...common }];
    await expect(b.request('runs.start', { requests })).rejects.toMatchObject({ code: 'run-busy' });
    expect(await titlesIn(a)).toEqual(['novel.txt']);
    await a.request('runs.start', { requests });
    const state = async (served: Served) => (await served.request('runs.list', null))[0]?.state;
    await expect.poll(() => state(a), { timeout: 20_000 }).toBe('finished');
    await expect.poll(() => state(b), { timeout: 20_000 }).toBe('finished');
  });

  test('one takes over the lock of a killed process', async () => {
    const home = temporaryFolder('two');
    const a = await serve(home);
    await a.upload('one.txt', wordyText(2000, 1));
    const queue = JSON.parse(readFileSync(join(home, 'queue/run.lock'), 'utf8')) as object;
    a.running.process.kill('SIGKILL');
    await a.running.finished;
    writeFileSync(join(home, 'texts.json.lock'), JSON.stringify(queue));
    const b = await serve(home);
    await b.upload('two.txt', wordyText(2000, 2));
    expect(await titlesIn(b)).toEqual(['two.txt', 'one.txt']);
    expect(existsSync(join(home, 'texts.json.lock'))).toBe(false);
  });
});

describe.skipIf(!hasChromium && electronKind === 'double')(
  'the window and a browser host on one home',
  () => {
    test('lose no text that either imports', async () => {
      const folder = temporaryFolder('two');
      const app = await startElectronApp({
        home: folder,
        words: [writeText(folder, 'first.txt', wordyText(3000, 4))],
      });
      try {
        const served = await serve(join(folder, 'charloom'));
        await expect.poll(() => titlesIn(served)).toEqual(['first.txt']);
        await served.upload('second.txt', wordyText(3000, 5));
        const third = writeText(folder, 'third.txt', wordyText(3000, 6));
        await app.evaluate(
          (electron, path) => void electron.app.emit('second-instance', {}, ['charloom', path], '/'),
          third,
        );
        await expect.poll(() => titlesIn(served)).toEqual(['third.txt', 'second.txt', 'first.txt']);
        const inWindow = (await ask(app, 'texts.list', null)).filter(({ source }) => source !== 'sample');
        expect(inWindow.map(({ title }) => title)).toEqual(await titlesIn(served));
      } finally {
        await app.close();
      }
    });
  },
);
