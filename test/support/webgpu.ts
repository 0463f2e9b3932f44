import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { deviceRequest } from '../../src/engine/backends/webgpu/backend.ts';
import { dawnAddon, findWebgpuEngine } from '../../src/node/webgpu/engine.ts';
import { hasSwiftshader, useSwiftshader } from './swiftshader.ts';

/** Dawn, WebGPU for Node: its binary. Tests that need it compute on SwiftShader. */
const dawn = hasSwiftshader ? (process.env['CHARLOOM_DAWN'] ?? (await installedDawn())) : undefined;

/** That of the engine which is installed for the person who runs the tests. */
async function installedDawn(): Promise<string | undefined> {
  const engine = await findWebgpuEngine();
  return engine === undefined ? undefined : dawnAddon(engine.folder);
}

/** Goes into the name of every group of tests that needs Dawn. */
export const skipNote =
  dawn === undefined ? ' [skipped: no Dawn here; "charloom engine install webgpu" installs it]' : '';

/** A group of tests that needs a WebGPU device in Node. */
export const describeOnWebgpu: (name: string, tests: () => void) => void = (name, tests) =>
  describe.skipIf(dawn === undefined)(name + skipNote, tests);

interface DawnBinding {
  create(toggles: readonly string[]): GPU;
}

let gpu: GPU | undefined;

/** SwiftShader's adapter, of this process. */
export async function softwareAdapter(): Promise<GPUAdapter> {
  if (dawn === undefined) throw new Error('There is no Dawn.');
  await useSwiftshader();
  // Kept for the life of the process: collected, it takes all devices with it.
  gpu ??= (createRequire(import.meta.url)(dawn) as DawnBinding).create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('Dawn finds no adapter.');
  return adapter;
}

/** A device on SwiftShader. An error of the device that nobody asked for ends the process, and the test with it. */
export async function openSoftwareDevice(): Promise<GPUDevice> {
  const adapter = await softwareAdapter();
  return adapter.requestDevice(deviceRequest(adapter));
}
