import type { Backend, BackendInfo } from '../backend.ts';
import { cardVariant, type WebgpuCard } from './card.ts';
import { designOf } from './design.ts';
import { DeviceHealth } from './device/device-health.ts';
import { Pipelines } from './device/pipelines.ts';
import { checkMemory } from './memory.ts';
import { WebgpuNetwork } from './network.ts';
import { planName } from './plan.ts';

export { describeAdapter, deviceRequest, type WebgpuCard } from './card.ts';

/** Creates the WebGPU backend for any device. The device belongs to the backend from now on. */
export function createWebgpuBackend(device: GPUDevice, card: WebgpuCard): Backend {
  const context = { device, health: new DeviceHealth(device), pipelines: new Pipelines(device) };
  const info: BackendInfo = {
    name: 'webgpu',
    device: card.label,
    threads: 1,
    variant: `${cardVariant(card)}-${planName(device.limits)}`,
  };
  return {
    info,
    infoFor: () => Promise.resolve(info),
    createNetwork: async (spec, options) => {
      checkMemory(spec, options, device.limits);
      return WebgpuNetwork.create(context, designOf(spec, options, device.limits));
    },
    dispose: () => device.destroy(),
  };
}
