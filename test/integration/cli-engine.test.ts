import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainEvent, verifyResult } from '../../src/cli/json-output.ts';
import { lockEngines } from '../../src/node/engines/install-lock.ts';
import { bundledFixtures } from '../../src/engine/verification/bundled.ts';
import { charloom, jsonLines, startCharloom } from '../support/processes.ts';
import { engine, skipNote } from '../support/tensorflow.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('engine');
const novel = writeText(folder, 'novel.txt', wordyText(20_000));
const nowhere = { CHARLOOM_HOME: join(folder, 'empty') };

describe('without an engine', () => {
  test('a backend that is asked for by name is refused, with the command that installs it', async () => {
    for (const words of [['verify'], ['bench', '--steps', '1'], ['train', novel, ...quickModel]]) {
      const { code, stdout, stderr } = await charloom([...words, '--backend', 'tensorflow'], {
        env: nowhere,
      });
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('The TensorFlow engine is not installed.');
      expect(stderr).toContain('"charloom engine install tensorflow"');
      expect(stderr).toContain('--backend wasm');
    }
    expect(existsSync(join(nowhere.CHARLOOM_HOME, 'runs'))).toBe(false);
  });

  test('auto trains on the embedded backend and mentions no choice', async () => {
    const words = ['train', novel, ...quickModel, '--max-iterations', '2', '--backend', 'auto', '--json'];
    const { code, stdout, stderr } = await charloom(words, { env: nowhere });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(jsonLines(stdout).map((line) => trainEvent.parse(line))[0]).toMatchObject({ event: 'start' });
  });

  test('an installation without network changes nothing and says so', async () => {
    const env = {
      ...nowhere,
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
      PIP_RETRIES: '1',
      PIP_CONFIG_FILE: '/dev/null',
      PIP_NO_CACHE_DIR: '1',
    };
    const { code, stdout, stderr } = await charloom(['engine', 'install', 'tensorflow', '--cpu'], { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    // A machine without pip or a compiler hears of that first.
    expect(stderr).toMatch(/no connection|no Python with pip|C\+\+ compiler|has no library for/);
    const left = readdirSync(join(nowhere.CHARLOOM_HOME, 'engines')).filter((name) => name !== '.downloads');
    expect(left).toEqual([]);
  });

  test("the package's own installer without network says so too", async () => {
    const env = { ...nowhere, TFJS_NODE_CDN_STORAGE: 'https://127.0.0.1:9/' };
    const words = ['engine', 'install', 'tensorflow', '--cpu', '--from', 'official'];
    const { code, stdout, stderr } = await charloom(words, { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('TensorFlow could not be downloaded: no connection.');
  });
});

test('a second installation is refused, and touches nothing of the first', async () => {
  const home = join(folder, 'twice');
  const lock = await lockEngines(join(home, 'engines'));
  const { code, stderr } = await charloom(['engine', 'install', 'tensorflow', '--cpu'], {
    env: { CHARLOOM_HOME: home },
  });
  expect({ code, stderr }).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('An engine is already being installed.') as unknown,
  });
  expect(readdirSync(join(home, 'engines'))).toEqual(['run.lock']);
  await lock.release();
});

test('auto reports an engine that does not load, and trains without it', async () => {
  const home = join(folder, 'broken');
  const broken = join(home, 'engines', 'tensorflow-2.18.1-cpu');
  mkdirSync(join(broken, 'lib', 'napi-v8'), { recursive: true });
  writeFileSync(join(broken, 'lib', 'napi-v8', 'tfjs_binding.node'), 'no library');
  const manifest = {
    ...{ formatVersion: 1, name: 'tensorflow', kind: 'cpu', version: '2.18.1', way: 'folder' },
    ...{ platform: process.platform, arch: process.arch, packageVersion: '4.22.0', bytes: 1 },
  };
  writeFileSync(join(broken, 'engine.json'), JSON.stringify(manifest));
  const words = ['train', novel, ...quickModel, '--max-iterations', '2', '--json'];
  const { code, stdout, stderr } = await charloom(words, { env: { CHARLOOM_HOME: home } });
  expect(code).toBe(0);
  expect(jsonLines(stdout).map((line) => trainEvent.parse(line).event)).toContain('step');
  expect(stderr).toContain('Finding the fastest backend for this model ...');
  expect(stderr).toMatch(
    /Using the embedded backend: a step takes [\d.]+ ms on the embedded backend; TensorFlow could not be tested: .*[^.]\.\n/,
  );
  const doctor = await charloom(['doctor', '--json'], { env: { CHARLOOM_HOME: home } });
  expect(JSON.parse(doctor.stdout)).toMatchObject({
    engines: [{ loads: false, problem: expect.stringMatching(/^TensorFlow cannot be loaded\. /) as unknown }],
  });
  // A failure is not remembered, because the engine may be repaired: only the other backend's time is.
  const trials: unknown = JSON.parse(readFileSync(join(home, 'engines', 'trials.json'), 'utf8'));
  expect(Object.keys(trials as object)).toHaveLength(1);
});

describe.skipIf(engine === undefined)(`with an engine${skipNote}`, () => {
  // Another home with the same engine in it: what trials find is kept beside the engines.
  const home = join(folder, 'home');
  const env = { CHARLOOM_HOME: home };
  const engines = join(home, 'engines');
  mkdirSync(engines, { recursive: true });
  if (engine !== undefined) symlinkSync(engine.folder, join(engines, basename(engine.folder)));

  test('it replays the golden numbers', async () => {
    const { code, stdout, stderr } = await charloom(['verify', '--backend', 'tensorflow', '--json'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = verifyResult.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ backend: 'tensorflow', passed: true });
    expect(result.fixtures.map(({ fixture }) => fixture)).toEqual(bundledFixtures().map(({ name }) => name));
  });

  test('auto measures both backends, says which and why, and remembers', async () => {
    const train = (): ReturnType<typeof charloom> =>
      charloom(['train', novel, ...quickModel, '--max-iterations', '2', '--backend', 'auto'], { env });
    const first = await train();
    expect(first.code).toBe(0);
    const reason =
      /Using (TensorFlow|the embedded backend): a step takes [\d.]+ ms on TensorFlow and [\d.]+ ms on the embedded backend[.;]/;
    expect(first.stderr).toContain('Finding the fastest backend');
    const [said, backend] = reason.exec(first.stderr) ?? [];
    expect(first.stdout.includes('TensorFlow')).toBe(backend === 'TensorFlow');
    expect(existsSync(join(engines, 'trials.json'))).toBe(true);
    const second = await train();
    expect(second.stderr).not.toContain('Finding the fastest backend');
    expect(second.stderr).toContain(said ?? 'nothing was said');
  });

  test.skipIf(process.platform === 'win32')(
    'Ctrl-C is answered once, by the process that trains',
    async () => {
      const words = [
        'train',
        novel,
        ...quickModel,
        '--json',
        '--max-epochs',
        '100000',
        '--name',
        'asked-once',
      ];
      const running = startCharloom([...words, '--backend', 'tensorflow'], { env });
      await running.line((line) => line.includes('"i":3,'));
      running.process.kill('SIGINT');
      const { code, stdout } = await running.finished;
      expect(code).toBe(0);
      const told = jsonLines(stdout).map((line) => trainEvent.parse(line));
      expect(
        told.filter((event) => event.event === 'notice' && event.message.startsWith('Stopping')),
      ).toHaveLength(1);
      expect(told.at(-1)).toMatchObject({ event: 'done', end: 'stopped' });
    },
  );

  test('a run started on one backend continues on the other', async () => {
    const out = join(folder, 'moved');
    // A rate that fell to the planned end would be another in the run that is planned for ten iterations.
    const rate = ['--schedule', 'constant', '--warmup', '0'];
    const train = (name: string, words: readonly string[]): ReturnType<typeof charloom> =>
      charloom(['train', novel, ...quickModel, ...rate, '--out', out, '--name', name, '--json', ...words], {
        env,
      });
    const begun = await train('moved', ['--max-iterations', '10', '--backend', 'tensorflow']);
    expect({ code: begun.code, stderr: begun.stderr }).toEqual({ code: 0, stderr: '' });
    const run = join(out, 'moved');
    const more = ['train', '--resume', run, '--max-iterations', '20', '--json', '--backend', 'wasm'];
    const { code, stdout } = await charloom(more, { env });
    expect(code).toBe(0);
    const steps = jsonLines(stdout)
      .map((line) => trainEvent.parse(line))
      .filter((event) => event.event === 'step');
    expect(steps.map(({ i }) => i)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    // The same twenty steps without the move.
    const whole = await train('straight', ['--max-iterations', '20', '--backend', 'wasm']);
    const straight = jsonLines(whole.stdout)
      .map((line) => trainEvent.parse(line))
      .filter((event) => event.event === 'step');
    for (const [index, step] of steps.entries()) {
      expect(Math.abs((step.loss ?? 0) - (straight[index + 10]?.loss ?? Infinity))).toBeLessThan(1e-4);
    }
  });
});
