/** Installs a release that a test made, with a probe that never comes to an end; tells how far it is. For tests that kill it. */
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
