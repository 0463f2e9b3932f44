import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dawnAddon, findWebgpuEngine } from '../../src/node/webgpu/engine.ts';
import { webgpuRelease } from '../../src/node/webgpu/installation/release.ts';
import { hasSwiftshader } from './swiftshader.ts';
import { temporaryFolder } from './texts.ts';

/** Dawn's binary: that which a variable names, or that of the engine of the person who runs the tests. Tests that need it compute on SwiftShader. */
export const dawn = hasSwiftshader ? (process.env['CHARLOOM_DAWN'] ?? (await installedDawn())) : undefined;

async function installedDawn(): Promise<string | undefined> {
  const engine = await findWebgpuEngine();
  return engine === undefined ? undefined : dawnAddon(engine.folder);
}

/** Goes into the name of every group of tests that needs Dawn. */
export const skipNote =
  dawn === undefined ? ' [skipped: no Dawn here; "charloom engine install webgpu" installs it]' : '';

/** A home of its own with the WebGPU engine in it: what is remembered of speeds is kept beside the engines. */
export function homeWithWebgpu(): string {
  if (dawn === undefined) throw new Error('There is no Dawn.');
  const home = temporaryFolder('webgpu-home');
  const { version } = webgpuRelease;
  const { platform, arch } = process;
  const folder = join(home, 'engines', `webgpu-${version}-${platform}-${arch}`);
  mkdirSync(folder, { recursive: true });
  symlinkSync(dawn, join(folder, basename(dawnAddon(folder))));
  const manifest = { formatVersion: 1, name: 'webgpu', version, way: 'file', platform, arch, bytes: 1 };
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(manifest));
  return home;
}
