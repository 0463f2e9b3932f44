import type { TensorMap, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import type {
  TrainingCommand,
  TrainingHooks,
  TrainingProgress,
} from '../../src/engine/training/training-hooks.ts';
import { beginning } from '../../src/node/session/session.ts';
import {
  explosionKindOf,
  type CheckpointReason,
  type EvaluationEvent,
  type ExplosionEvent,
  type StepEvent,
} from '../../src/shared/domain/run-event.ts';
import { tinyParameters, tinySettings } from './tiny-run.ts';

export interface Kept {
  readonly progress: TrainingProgress;
  readonly validationLoss: number | null;
  readonly evaluation: EvaluationEvent;
  readonly reason: CheckpointReason;
  readonly tensors: TensorMap;
}

/** Hooks that remember everything, and give the commands listed by the number of iterations done. */
export class Recorder implements TrainingHooks {
  readonly losses: (number | null)[] = [];
  readonly kept: Kept[] = [];
  readonly explosions: string[] = [];
  readonly #network: TrainingNetwork;
  readonly #commands: Map<number, TrainingCommand>;

  constructor(network: TrainingNetwork, commands: Record<number, TrainingCommand> = {}) {
    this.#network = network;
    this.#commands = new Map(Object.entries(commands).map(([done, command]) => [Number(done), command]));
  }

  onEvent(event: StepEvent | EvaluationEvent | ExplosionEvent): void {
    if (event.kind === 'step') this.losses.push(event.loss);
    if (event.kind === 'explosion') {
      this.explosions.push(`${explosionKindOf(event)} at ${event.iteration}: ${event.action}`);
    }
  }
  async saveCheckpoint(
    progress: TrainingProgress,
    evaluation: EvaluationEvent,
    reason: CheckpointReason,
  ): Promise<void> {
    const { validationLoss } = evaluation;
    this.kept.push({
      progress,
      validationLoss,
      evaluation,
      reason,
      tensors: await this.#network.exportTensors(),
    });
  }
  keepResumePoint(): Promise<void> {
    return Promise.resolve();
  }
  async rollBack(): Promise<TrainingProgress> {
    const good = this.kept.at(-1);
    await this.#network.importTensors(good?.tensors ?? tinyParameters());
    return good?.progress ?? beginning(tinySettings);
  }
  nextCommand(): Promise<TrainingCommand | undefined> {
    const command = this.#commands.get(this.losses.length);
    // Each is given once.
    this.#commands.delete(this.losses.length);
    return Promise.resolve(command);
  }
}
