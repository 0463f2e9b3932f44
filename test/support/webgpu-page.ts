import {
  createWebgpuBackend,
  describeAdapter,
  deviceRequest,
} from '../../src/engine/backends/webgpu/backend.ts';
import type { Backend, BackendInfo } from '../../src/engine/backends/backend.ts';
import { bundledFixtures } from '../../src/engine/verification/bundled.ts';
import { verifyBackend, type VerifyReport } from '../../src/engine/verification/verify.ts';

/** What the page of test/integration/webgpu-chromium.test.ts offers as `webgpuPage`. */
export interface WebgpuPage {
  /** Replays golden numbers of Charloom's own on the page's WebGPU. */
  verify(name: string): Promise<VerifyReport>;
  info(): Promise<BackendInfo>;
}

declare global {
  var webgpuPage: WebgpuPage | undefined;
}

async function open(): Promise<Backend> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('This page has no WebGPU adapter.');
  return createWebgpuBackend(await adapter.requestDevice(deviceRequest(adapter)), describeAdapter(adapter));
}

const backend = open();
globalThis.webgpuPage = {
  async verify(name) {
    const found = bundledFixtures().find((each) => each.name === name);
    if (found === undefined) throw new Error(`no golden numbers ${name}`);
    return verifyBackend(await backend, found.fixture);
  },
  info: async () => (await backend).info,
};
