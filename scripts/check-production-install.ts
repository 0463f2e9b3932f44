// Installs Charloom without its development packages into a folder from which nothing of this project can be reached, and uses it there:
// the packed application and a server's `npm ci --omit=dev` depend on that. It needs npm's cache or the network.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = z.record(z.string(), z.string());
const manifestSchema = z.object({ dependencies: packages, optionalDependencies: packages });
const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });
const manifest = manifestSchema.parse(readJson('package.json'));
const lock = lockSchema.parse(readJson('package-lock.json'));
/** What a user who copied a build has. */
const parts = ['package.json', 'package-lock.json', '.npmrc', 'bin', 'scripts', 'out', 'resources'];

/** Loads packages one by one, as the bundles do. Charloom's engine installer compiles TensorFlow's addon; npm installs everything else. */
const loading = `
  const load = createRequire(process.cwd() + '/');
  for (const name of names) {
    try {
      if (name.startsWith('@tensorflow/')) load(name);
      else await import(pathToFileURL(load.resolve(name)).href);
    } catch (error) {
      if (!/native addon module \\(tfjs_binding.node\\) can not be found/.test(error.message)) {
        console.error(name + ': ' + error.message);
        process.exitCode = 1;
      }
    }
  }`;

function check(place: string): void {
  for (const part of parts) cpSync(join(root, part), join(place, part), { recursive: true });
  run(place, npm(), ['ci', '--omit=dev', '--prefer-offline']);
  const tools = Object.entries(lock.packages).filter(([, { dev }]) => dev === true);
  const left = tools.map(([path]) => path).filter((path) => existsSync(join(place, path)));
  if (left.length > 0) throw new Error(`Development packages are installed anyway: ${left.join(', ')}`);
  const optional = Object.keys(manifest.optionalDependencies).filter(
    (name) => !name.startsWith('node-') && existsSync(join(place, 'node_modules', name)),
  );
  // electron-store requires `electron`, which only Electron itself provides.
  const names = Object.keys(manifest.dependencies).filter((name) => name !== 'electron-store');
  const imports =
    "import { createRequire } from 'node:module'; import { pathToFileURL } from 'node:url';" +
    `const names = ${JSON.stringify([...names, ...optional])};`;
  run(place, process.execPath, ['--input-type=module', '--eval', imports + loading]);
  say(`${names.length + optional.length} packages load, ${optional.join(' and ')} among them.`);
  work(place);
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}

/** Trains briefly and writes with the model, through the launcher. */
function work(place: string): void {
  const text = join(place, 'README.txt');
  cpSync(join(root, 'README.md'), text);
  const engine = engineHere();
  const charloom = (...words: readonly string[]): string =>
    run(place, process.execPath, ['bin/charloom.js', ...words, '--out', join(place, 'runs')]);
  for (const backend of engine ? ['wasm', 'tensorflow'] : ['wasm']) {
    const size = ['--rnn-size', '16', '--batch-size', '4', '--seq-length', '20', '--max-iterations', '20'];
    charloom('train', text, '--name', backend, '--backend', backend, ...size);
    const written = charloom('sample', backend, '--length', '50', '--prime-text', 'The ');
    if (!written.startsWith('The ')) throw new Error(`It wrote ${JSON.stringify(written)}`);
    say(`It trains and writes with ${backend}.`);
  }
  if (!engine)
    say('No TensorFlow engine is installed here: it was loaded, but nothing was computed with it.');
}

function engineHere(): boolean {
  const listed = run(root, process.execPath, ['bin/charloom.js', 'engine', 'list', '--json']);
  return z.object({ engines: z.array(z.unknown()) }).parse(JSON.parse(listed)).engines.length > 0;
}

/** @returns its standard output */
function run(cwd: string, program: string, words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && program === npm(),
  });
  if (status !== 0) {
    throw new Error(`${program} ${words.slice(0, 3).join(' ')}: ${error?.message ?? ''}\n${stdout}${stderr}`);
  }
  return stdout;
}

function npm(): string {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

function say(sentence: string): void {
  console.log(`production install: ${sentence}`);
}

const place = mkdtempSync(join(tmpdir(), 'charloom production '));
try {
  check(place);
} finally {
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
}
