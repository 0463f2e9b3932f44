import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createWebgpuBackend,
  describeAdapter,
  deviceRequest,
} from '../../src/engine/backends/webgpu/backend.ts';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { startCharloom } from '../support/processes.ts';
import { checkpointDigests, metricLines, quickSettings, session } from '../support/sessions.ts';
import { swiftshaderEnvironment } from '../support/swiftshader.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';
import { homeWithWebgpu } from '../support/webgpu-home.ts';
import { describeOnWebgpu, softwareAdapter } from '../support/webgpu.ts';

const folder = temporaryFolder('webgpu-loss');
/** Small: SwiftShader compiles slowly. */
const settings = { ...quickSettings, numLayers: 1, maxIterations: 25 };
const text = writeText(folder, 'words.txt', wordyText(2000));

/** What a run leaves, besides the moments of the clock. */
function left(run: string): unknown {
  return { checkpoints: checkpointDigests(run), metrics: metricLines(run) };
}

describeOnWebgpu('the loss of a graphics card during training', () => {
  const devices: GPUDevice[] = [];
  const loadBackend = async (): Promise<Backend> => {
    const adapter = await softwareAdapter();
    const device = await adapter.requestDevice(deviceRequest(adapter));
    devices.push(device);
    return createWebgpuBackend(device, describeAdapter(adapter));
  };

  test('ends the session with a message, and the run resumes from its last save to the same bytes', async () => {
    const request = { text, runs: join(folder, 'device'), settings, loadBackend };
    const whole = await session(request);
    let run = '';
    const lost = session({
      ...request,
      hooks: () => ({
        onStart: (start) => (run = start.folder),
        onEvent: (event) => {
          if (event.kind === 'step' && event.iteration === 10) devices.at(-1)?.destroy();
        },
      }),
    });
    await expect(lost).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringMatching(/^The graphics card was lost/) as string,
    });
    await session({ resume: run, loadBackend });
    expect(left(run)).toEqual(left(whole.outcome.folder));
  }, 400_000);

  test.skipIf(process.platform === 'win32')(
    'ends its process, and charloom train resumes in another',
    async () => {
      const env = { ...(await swiftshaderEnvironment()), CHARLOOM_HOME: homeWithWebgpu() };
      const words = (runs: string): readonly string[] => [
        ...['train', text, '--json', '--backend', 'webgpu', '--name', 'quick', '--out', join(folder, runs)],
        ...['--batch-size', '5', '--seq-length', '10', '--rnn-size', '12', '--num-layers', '1'],
        ...['--eval-every', '20', '--max-iterations', '60'],
      ];
      const whole = await startCharloom(words('whole'), { env }).finished;
      expect(whole).toMatchObject({ code: 0 });
      const killed = startCharloom(words('killed'), { env });
      await killed.line((line) => line.includes('"step"') && line.includes('"i":30,'));
      process.kill(innermost(killed.process.pid ?? 0), 'SIGSEGV');
      const { code, stderr, stdout } = await killed.finished;
      expect(stderr).toContain(
        "The graphics card's process ended unexpectedly (SIGSEGV). Training continues from the last save.",
      );
      expect(code).toBe(0);
      expect(stdout.match(/"event":"start"/g)).toHaveLength(2);
      expect(left(join(folder, 'killed', 'quick'))).toEqual(left(join(folder, 'whole', 'quick')));
    },
    400_000,
  );
});

/** The process at the end of a chain of children: the one that computes. */
function innermost(pid: number): number {
  const [child] = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([parent]) => parent === pid)
    .map(([, own]) => own ?? 0);
  return child === undefined ? pid : innermost(child);
}
