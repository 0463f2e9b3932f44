import { readFileSync, writeFileSync } from 'node:fs';
import type { Backend, NetworkOptions, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { serveFromThread, type ServedBackend } from './served-backend.ts';

/** When a process loses what it computes on, or itself. */
export interface Loss {
  readonly at: 'open' | 'trainStep' | 'evaluate' | 'exportTensors';
  /** Counted from 1. */
  readonly call: number;
  readonly how: 'backend' | 'process';
}

/** Takes the first of the losses that are written in a file; each process has one. */
export function takeLoss(file: string): Loss | undefined {
  const [loss, ...rest] = JSON.parse(readFileSync(file, 'utf8')) as readonly Loss[];
  writeFileSync(file, JSON.stringify(rest));
  return loss;
}

/** The embedded backend in another thread, behind a channel, until it is lost. */
export async function openLosingBackend(loss: Loss | undefined): Promise<Backend> {
  const served = await serveFromThread(3);
  let calls = 0;
  const note = (at: Loss['at']): void => {
    if (loss?.at !== at || ++calls !== loss.call) return;
    if (loss.how === 'process') process.kill(process.pid, 'SIGKILL');
    else void served.worker.terminate();
  };
  note('open');
  return new LosingBackend(served, note);
}

class LosingBackend implements Backend {
  readonly #served: ServedBackend;
  readonly #note: (at: Loss['at']) => void;

  constructor(served: ServedBackend, note: (at: Loss['at']) => void) {
    this.#served = served;
    this.#note = note;
  }

  get info() {
    return this.#served.backend.info;
  }

  infoFor(spec: ModelSpec) {
    return this.#served.backend.infoFor(spec);
  }

  async createNetwork(spec: ModelSpec, options: NetworkOptions): Promise<TrainingNetwork> {
    const network = await this.#served.backend.createNetwork(spec, options);
    const note = this.#note;
    return new Proxy(network, {
      get: (target, name: keyof TrainingNetwork) => {
        const value = target[name];
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as (...words: unknown[]) => unknown;
        if (name !== 'trainStep' && name !== 'evaluate' && name !== 'exportTensors') return method;
        return (...words: unknown[]) => {
          note(name);
          return method(...words);
        };
      },
    });
  }

  dispose(): void {
    this.#served.backend.dispose();
    void this.#served.worker.terminate();
  }
}
