import type { BackendKind } from '../../../shared/domain/backends.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type { Backend, BackendInfo } from '../backend.ts';
import { cardVariant, type WebgpuCard } from './card.ts';

export { describeAdapter, deviceRequest, type WebgpuCard } from './card.ts';

/** Makes the WebGPU backend over a device, wherever it comes from. The device belongs to the backend from now on. */
export function createWebgpuBackend(device: GPUDevice, card: WebgpuCard): Backend {
  const info: BackendInfo = {
    name: 'webgpu' as string as BackendKind,
    device: card.label,
    threads: 1,
    variant: cardVariant(card),
  };
  return {
    info,
    infoFor: () => Promise.resolve(info),
    createNetwork: () => Promise.reject(new CharloomError('backend-unavailable', 'Not built yet.')),
    dispose: () => device.destroy(),
  };
}
