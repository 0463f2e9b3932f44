/** Installs a release made by a test, with a probe that never ends; reports its progress. For tests that kill it. */
import { installWebgpu } from '../../src/node/webgpu/installation/install.ts';
import type { WebgpuRelease } from '../../src/node/webgpu/installation/release.ts';

const [root = '', release = ''] = process.argv.slice(2);

await installWebgpu(
  {
    from: 'registry',
    root,
    release: JSON.parse(release) as WebgpuRelease,
    probe: () => new Promise(() => undefined),
  },
  {
    signal: new AbortController().signal,
    onProgress: ({ title, detail }) => process.stdout.write(`${title}: ${detail}\n`),
  },
);
