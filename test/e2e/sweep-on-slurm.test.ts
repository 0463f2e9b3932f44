import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { charloom } from '../support/processes.ts';
import { SlurmCluster } from '../support/slurm/cluster.ts';
import { nodes } from '../support/slurm/configuration.ts';
import { whyNoSlurm } from '../support/slurm/requirements.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

const model = ['--rnn-size', '16', '--num-layers', '1', '--batch-size', '10', '--seq-length', '20'];

describe.skipIf(!hasChromium || whyNoSlurm() !== undefined)('a sweep on Slurm in a browser', () => {
  let cluster: SlurmCluster;
  let window: WorkbenchWindow;

  beforeAll(async () => {
    const folder = temporaryFolder('slurm-page');
    cluster = await SlurmCluster.start(join(folder, 'cluster'));
    window = await WorkbenchWindow.open({ env: cluster.environment, width: 1280, height: 900 });
    const text = writeText(folder, 'sea.txt', wordyText(40_000));
    const out = ['--out', join(window.home, 'runs')];
    // Three runs, one at a time, too long to finish in this test.
    const plan = ['plan', 'sea', text, '--vary', 'learning-rate=0.005,0.004,0.003', '--max-epochs', '2000'];
    const settings = [...model, '--eval-every', '200', '--backend', 'wasm'];
    await succeed(['sweep', ...plan, ...settings, ...out]);
    await succeed(['sweep', 'submit', 'sea', ...out, '--cpus', '1', '--time', '5', '--at-once', '1']);
  }, 120_000);

  afterAll(async () => {
    await window.close();
    await cluster.stop();
  }, 60_000);

  const succeed = async (words: readonly string[]): Promise<void> => {
    const { code, stderr } = await charloom(words, { env: cluster.environment });
    expect({ code, stderr: code === 0 ? '' : stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
  };

  it('shows the node of the running task, why the others wait, and its losses as they are measured', async () => {
    const { page } = window;
    await window.go('#/sweeps');
    await page.getByRole('link', { name: 'sea', exact: true }).click();
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^\\D*${name}`) });
    await row('sea-001')
      .getByText(/node[12]/)
      .waitFor({ timeout: 60_000 });
    await row('sea-002').getByText('waiting').waitFor();
    await row('sea-001')
      .getByText(/\d\.\d{3}/)
      .first()
      .waitFor({ timeout: 60_000 });
    await window.check('sweep-on-slurm');
  }, 150_000);

  it('cancels what is left of it, the running task after it has saved', async () => {
    const { page } = window;
    await page.getByRole('button', { name: /^Cancel \d runs?$/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Cancel \d runs?$/ })
      .click();
    const states = page.getByRole('list', { name: 'Runs by state' });
    await expect
      .poll(async () => (await states.innerText()).replace(/\s+/g, ' '), { timeout: 90_000 })
      .toMatch(/^cancelled 3\b/);
    await expect.poll(async () => (await cluster.ask('squeue', ['-h'])).trim(), { timeout: 60_000 }).toBe('');
    // Nothing of the jobs is left on a node but its daemon.
    expect(nodes.some((node) => cluster.runs(node, 'sweep task'))).toBe(false);
    const { state, iteration } =
      (await window.served.request('runs.list', null)).find(({ id }) => id === 'sea-001') ?? {};
    expect(state).toBe('stopped');
    expect(iteration).toBeGreaterThan(0);
  }, 120_000);
});
