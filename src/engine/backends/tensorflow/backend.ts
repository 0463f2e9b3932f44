import type { Backend, BackendInfo } from '../backend.ts';
import { TensorflowNetwork } from './network.ts';
import { checkMemory, type DeviceMemory } from './out-of-memory.ts';
import { planGraph } from './plan.ts';
import type { TensorflowRuntime } from './runtime.ts';

/** What the host found out about the device TensorFlow runs on. */
export interface TensorflowDevice extends DeviceMemory {
  /** What a person should read: "CPU, 2 threads, TensorFlow 2.18.1", "NVIDIA H100, TensorFlow 2.18.1". */
  readonly label: string;
  readonly threads: number;
  /** Version of the library. */
  readonly version: string;
}

/** Makes the TensorFlow backend over a runtime that the host has loaded. */
export function createTensorflowBackend(runtime: TensorflowRuntime, device: TensorflowDevice): Backend {
  const info: BackendInfo = {
    name: 'tensorflow',
    device: device.label,
    threads: device.threads,
    variant: `tensorflow-${device.version}-${device.kind}-${device.threads}`,
  };
  return {
    info,
    createNetwork: (spec, options) => {
      checkMemory(spec, options, device);
      return new TensorflowNetwork({ runtime, device }, spec, options, planGraph(spec, options, device));
    },
    dispose: () => undefined,
  };
}
