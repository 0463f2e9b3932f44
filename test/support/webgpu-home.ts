import { dawnAddon, findWebgpuEngine } from '../../src/node/webgpu/engine.ts';
import { placeDawn } from './dawn-engine.ts';
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

/** A separate home with the WebGPU engine: measured speeds are stored beside the engines. */
export function homeWithWebgpu(): string {
  if (dawn === undefined) throw new Error('There is no Dawn.');
  const home = temporaryFolder('webgpu-home');
  placeDawn(dawn, home);
  return home;
}
