import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { deviceRequest } from '../../src/engine/backends/webgpu/backend.ts';
import { useSwiftshader } from './swiftshader.ts';
import { dawn, skipNote } from './webgpu-home.ts';

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

/** A device on SwiftShader. An uncaught error of the device ends the process, and the test with it. */
export async function openSoftwareDevice(): Promise<GPUDevice> {
  const adapter = await softwareAdapter();
  return adapter.requestDevice(deviceRequest(adapter));
}
