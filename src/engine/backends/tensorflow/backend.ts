import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { Backend, BackendInfo } from '../backend.ts';
import { ImmediateTraining } from '../immediate.ts';
import { TensorflowNetwork, type TensorflowContext } from './network.ts';
import { checkMemory, type DeviceMemory } from './out-of-memory.ts';
import { planGraph } from './plan.ts';
import { chooseRecurrence, type RecurrenceChoice } from './recurrence-choice.ts';
import type { TensorflowRuntime } from './runtime.ts';

/** What the host found out about the device TensorFlow runs on. */
export interface TensorflowDevice extends DeviceMemory {
  /** A description for people: "CPU, 2 threads, TensorFlow 2.18.1", "NVIDIA H100, TensorFlow 2.18.1". */
  readonly label: string;
  readonly threads: number;
  /** Version of the library. */
  readonly version: string;
}

export interface TensorflowBackend extends Backend {
  /** How a model's layers go through time on this device, and why. On a card the first call for a model trains it for two small steps. */
  recurrenceOf(spec: ModelSpec): RecurrenceChoice;
}

/** Makes the TensorFlow backend over a runtime that the host has loaded. `fusedKernel` replaces cuDNN's (for tests, which have no card). */
export function createTensorflowBackend(
  runtime: TensorflowRuntime,
  device: TensorflowDevice,
  fusedKernel?: TensorflowContext['fusedKernel'],
): TensorflowBackend {
  const info: BackendInfo = {
    name: 'tensorflow',
    device: device.label,
    threads: device.threads,
    variant: `tensorflow-${device.version}-${device.kind}-${device.threads}`,
  };
  const host = { runtime, device, fusedKernel };
  const choices = new Map<string, RecurrenceChoice>();
  const recurrenceOf = (spec: ModelSpec): RecurrenceChoice => {
    const key = JSON.stringify(spec);
    const choice = choices.get(key) ?? chooseRecurrence(host, spec);
    choices.set(key, choice);
    return choice;
  };
  return {
    info,
    recurrenceOf,
    infoFor: (spec) => {
      const isFused = recurrenceOf(spec).recurrence === 'fused';
      return Promise.resolve(isFused ? { ...info, variant: `${info.variant}-cudnn` } : info);
    },
    createNetwork: async (spec, options) => {
      checkMemory(spec, options, device);
      // A fused kernel carries its states through the whole sequence and cannot clear them where a record starts.
      const recurrence = options.records ? 'stepwise' : recurrenceOf(spec).recurrence;
      const plan = planGraph(spec, options, device, recurrence);
      return new ImmediateTraining(new TensorflowNetwork(host, spec, options, plan));
    },
    dispose: () => undefined,
  };
}
