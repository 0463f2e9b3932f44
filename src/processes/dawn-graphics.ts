import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FoundGraphics, GraphicsSource } from '../node/backend/graphics-source.ts';
import { findWebgpuEngine, type WebgpuEngine } from '../node/webgpu/engine.ts';
import { describeProblem } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** What a compute process says of the card that an engine opens. */
export const cardReportSchema = z.strictObject({
  /** For people. */
  label: z.string(),
  driver: z.string(),
});
export type CardReport = Readonly<z.infer<typeof cardReportSchema>>;

/**
 * WebGPU of Dawn, once it is installed. Its card is asked for in a compute process, and remembered as long as the same engine is installed; what did not
 * work is tried again, since a driver may have come.
 */
export class DawnGraphics implements GraphicsSource {
  readonly #fork: ForkProcess;
  readonly #known = new Map<string, CardReport>();

  constructor(fork: ForkProcess) {
    this.#fork = fork;
  }

  async find(): Promise<FoundGraphics> {
    const engine = await findWebgpuEngine();
    if (engine === undefined) return { backend: null, problem: null };
    try {
      const { label, driver } = await this.#card(engine);
      const { folder, manifest } = engine;
      const { version } = manifest;
      return {
        backend: { kind: 'webgpu', host: 'dawn', folder, version, card: label, driver },
        problem: null,
      };
    } catch (error) {
      return { backend: null, problem: describeProblem(error) };
    }
  }

  async #card({ folder, manifest }: WebgpuEngine): Promise<CardReport> {
    const key = `${folder} ${manifest.version}`;
    const card = this.#known.get(key) ?? (await askCard(this.#fork, folder));
    this.#known.set(key, card);
    return card;
  }
}

/** The card that an engine opens. Rejects with what is wrong. */
async function askCard(fork: ForkProcess, folder: string): Promise<CardReport> {
  let report: unknown;
  const task = new ComputeTask({
    fork,
    name: `charloom-card-${randomUUID().slice(0, 8)}`,
    job: { kind: 'card', engine: folder },
    onReport: (told) => {
      if (told.kind === 'item') report = told.item;
    },
  });
  const outcome = await task.ended;
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  if (outcome.kind === 'crashed') throw new Error(`The graphics card's driver failed. ${outcome.message}`);
  return cardReportSchema.parse(report);
}
