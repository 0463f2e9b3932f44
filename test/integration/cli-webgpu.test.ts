import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainEvent, verifyResult } from '../../src/cli/json-output.ts';
import { charloom, jsonLines, root, type Finished } from '../support/processes.ts';
import { swiftshaderEnvironment } from '../support/swiftshader.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';
import { dawn, homeWithWebgpu, skipNote } from '../support/webgpu-home.ts';

const folder = temporaryFolder('cli-webgpu');
const novel = writeText(folder, 'novel.txt', wordyText(20_000));
/** SwiftShader compiles slowly. */
const patience = 300_000;

describe('without the engine', () => {
  const nowhere = { CHARLOOM_HOME: join(folder, 'empty') };

  test('a backend that is asked for by name is refused, with the command that installs it', async () => {
    for (const words of [['verify'], ['train', novel, ...quickModel]]) {
      const { code, stdout, stderr } = await charloom([...words, '--backend', 'webgpu'], { env: nowhere });
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('"charloom engine install webgpu"');
      expect(stderr).toContain('--backend wasm');
    }
  });

  test('there is nothing to uninstall, and TensorFlow’s options are refused', async () => {
    expect(await charloom(['engine', 'remove', 'webgpu'], { env: nowhere })).toMatchObject({
      stderr: expect.stringContaining('No WebGPU engine is installed.') as unknown,
    });
    expect(await charloom(['engine', 'install', 'webgpu', '--cpu'], { env: nowhere })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--gpu and --cpu are for TensorFlow') as unknown,
    });
    expect(await charloom(['engine', 'install', 'webgl'], { env: nowhere })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are webgpu and tensorflow.') as unknown,
    });
  });
});

/** Real Dawn in real processes; the card is SwiftShader. */
describe.skipIf(dawn === undefined)(`with the engine${skipNote}`, () => {
  const home = dawn === undefined ? '' : homeWithWebgpu();
  const run = async (words: readonly string[], isSoftwareAllowed = true): Promise<Finished> => {
    const env = { ...(await swiftshaderEnvironment()), CHARLOOM_HOME: home };
    return charloom(words, { env: { ...env, CHARLOOM_SOFTWARE_GPU: isSoftwareAllowed ? '1' : '0' } });
  };
  const steps = ({ stdout }: Finished): readonly unknown[] =>
    jsonLines(stdout)
      .map((line) => trainEvent.parse(line))
      .filter((event) => event.event === 'step')
      .map(({ i, loss, gradient_norm, parameter_norm }) => ({ i, loss, gradient_norm, parameter_norm }));

  test(
    'it replays golden numbers, and names the card',
    async () => {
      const fixture = join(root, 'test/fixtures/lstm.json');
      const result = await run(['verify', '--backend', 'webgpu', '--fixture', fixture, '--json']);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(verifyResult.parse(JSON.parse(result.stdout))).toMatchObject({
        backend: 'webgpu',
        passed: true,
      });
      expect(verifyResult.parse(JSON.parse(result.stdout)).device).toContain('SwiftShader');
    },
    patience,
  );

  test(
    'a run that is stopped and resumed takes the same steps to the bit, on the card that began it',
    async () => {
      const out = join(folder, 'runs');
      const rate = ['--recipe', 'char-rnn', '--dropout', '0.3', '--out', out, '--json'];
      const train = (name: string, iterations: number, words: readonly string[] = []): Promise<Finished> =>
        run([
          ...['train', novel, ...quickModel, ...rate, '--name', name],
          ...['--max-iterations', String(iterations), ...words],
        ]);
      const whole = await train('whole', 6, ['--backend', 'webgpu']);
      expect(whole).toMatchObject({ code: 0, stderr: '' });
      expect(await train('parted', 3, ['--backend', 'webgpu'])).toMatchObject({ code: 0 });
      const parted = join(out, 'parted');
      const resumed = await run(['train', '--resume', parted, '--max-iterations', '6', '--json']);
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(jsonLines(resumed.stdout)[0]).toMatchObject({
        device: expect.stringContaining('SwiftShader') as unknown,
      });
      expect(steps(resumed)).toHaveLength(3);
      expect(steps(resumed)).toEqual(steps(whole).slice(3));
    },
    patience,
  );

  test(
    'auto measures it too, and reports its speed by name',
    async () => {
      const words = ['train', novel, ...quickModel, '--recipe', 'char-rnn', '--max-iterations', '2'];
      const { code, stderr } = await run([...words, '--name', 'auto', '--out', join(folder, 'runs')]);
      expect(code).toBe(0);
      expect(stderr).toContain('Finding the fastest backend for this model ...');
      // SwiftShader computes on the processor, and never faster than the kernels made for it.
      expect(stderr).toMatch(
        /Using the embedded backend: a step takes [\d.]+ ms on .*SwiftShader.* \(WebGPU\) and [\d.]+ ms on the embedded backend[.;]/,
      );
    },
    patience,
  );

  test('an emulated card is refused with a sentence, and does not stop training', async () => {
    const refused = await run(['train', novel, ...quickModel, '--backend', 'webgpu'], false);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/WebGPU finds no graphics card, only a software renderer/);
    expect(refused.stderr).toContain('mesa-vulkan-drivers');
    const words = ['train', novel, ...quickModel, '--max-iterations', '2', '--out', join(folder, 'runs')];
    const auto = await run([...words, '--name', 'without'], false);
    expect(auto.code).toBe(0);
    expect(auto.stderr).toMatch(
      /Using the embedded backend: the graphics card cannot be used: WebGPU finds no graphics card/,
    );
    const doctor = await run(['doctor', '--json'], false);
    expect(JSON.parse(doctor.stdout)).toMatchObject({
      webgpu: { works: false, problem: expect.stringContaining('software renderer') as unknown },
    });
  });

  test('is listed and uninstalled', async () => {
    const listed = await run(['engine', 'list', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({ engines: [{ name: 'webgpu' }] });
    expect(await run(['engine', 'remove', 'webgpu'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Removed webgpu-/) as unknown,
    });
    expect((await run(['engine', 'list'])).stdout).toContain('No engine is installed');
  });
});
