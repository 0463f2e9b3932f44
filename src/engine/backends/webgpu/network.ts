import { averagePrefix } from '../../../shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { optimizers } from '../../../shared/domain/optimizers.ts';
import type { WeightKind } from '../../../shared/domain/training-choices.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { keptWith, storedTensors, type StoredTensors } from '../../model/stored-tensors.ts';
import type {
  Batch,
  NetworkOptions,
  StepOptions,
  StepResult,
  TensorData,
  TensorMap,
  TrainingNetwork,
} from '../backend.ts';
import { checkTensors } from '../check-tensors.ts';
import { BatchUpload } from './batch-upload.ts';
import { resultFloats, slotBuffers, type BufferName } from './buffer-names.ts';
import { CarriedState } from './carried-state.ts';
import type { Design } from './design.ts';
import { CompiledProgram, type Setting } from './device/compiled-program.ts';
import type { DeviceHealth } from './device/device-health.ts';
import { NetworkBuffers, type StepKind } from './device/network-buffers.ts';
import type { Pipelines } from './device/pipelines.ts';
import { ResultRing } from './device/result-ring.ts';
import { outOfMemoryError } from './memory.ts';
import { packParameter, unpackParameter } from './packing.ts';
import type { Dispatch } from './dispatch.ts';
import { evaluationProgram, trainingProgram } from './program.ts';
import { StepUniform } from './wgsl/step.ts';

/** What all networks of a device share. */
export interface WebgpuContext {
  readonly device: GPUDevice;
  readonly health: DeviceHealth;
  readonly pipelines: Pipelines;
}

/** Steps worth having in flight: the card works on one while the next are recorded. */
const stepsUnderWay = 4;

interface Programs {
  readonly training: CompiledProgram;
  readonly evaluation: Readonly<Partial<Record<WeightKind, CompiledProgram>>>;
}

/** A buffer of tensors in the parameters' layout, and the prefix of their names. */
interface TensorGroup {
  readonly buffer: BufferName;
  readonly prefix: string;
}

/** A network in a card's memory. The shaders compute; this class sends batches and reads numbers back. */
export class WebgpuNetwork implements TrainingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly stepsInFlight = stepsUnderWay;
  readonly memoryBytes: number;
  readonly #context: WebgpuContext;
  readonly #design: Design;
  readonly #buffers: NetworkBuffers;
  readonly #state: CarriedState;
  readonly #programs: Programs;
  readonly #results: ResultRing;
  readonly #upload: BatchUpload;
  readonly #uniform: StepUniform;
  readonly #stored: StoredTensors;
  #evaluated: CompiledProgram | undefined;

  private constructor(context: WebgpuContext, design: Design, memory: NetworkMemory, programs: Programs) {
    this.spec = design.spec;
    this.options = design.options;
    this.#context = context;
    this.#design = design;
    this.#buffers = memory.buffers;
    this.#state = memory.state;
    this.#programs = programs;
    this.#results = new ResultRing(context.device);
    this.#upload = new BatchUpload(design.shape);
    this.#uniform = new StepUniform(design.spec, design.options);
    this.#stored = storedTensors(design.spec, keptWith(design.options));
    this.#evaluated = programs.evaluation.trained;
    const ours = [programs.training, ...Object.values(programs.evaluation)];
    this.memoryBytes = ours.reduce(
      (total, { bytes }) => total + bytes,
      memory.buffers.bytes + memory.state.bytes,
    );
    this.#writeStep('evaluation');
  }

  /** Makes the memory of a network, which must be within the device's limits, and compiles its programs. */
  static async create(context: WebgpuContext, design: Design): Promise<WebgpuNetwork> {
    context.health.check();
    const memory = await makeMemory(context.device, design);
    try {
      const programs = await context.health.guard(compilePrograms(context, design, memory.buffers));
      return new WebgpuNetwork(context, design, memory, programs);
    } catch (error) {
      memory.state.dispose();
      memory.buffers.dispose();
      throw error;
    }
  }

  async trainStep(batch: Batch, options: StepOptions): Promise<StepResult> {
    this.#context.health.check();
    this.#sendBatch(batch);
    this.#state.endEvaluation();
    this.#uniform.setTraining(options);
    this.#writeStep('training');
    const [loss, gradientNorm, parameterNorm] = await this.#run(this.#programs.training);
    return { loss, gradientNorm, parameterNorm };
  }

  async evaluate(batch: Batch): Promise<number> {
    this.#context.health.check();
    if (this.#evaluated === undefined) throw noAverage();
    this.#sendBatch(batch);
    const [loss] = await this.#run(this.#evaluated);
    return loss;
  }

  async resetEvaluation(weights: WeightKind = 'trained'): Promise<void> {
    this.#context.health.check();
    const program = this.#programs.evaluation[weights];
    if (program === undefined) throw noAverage();
    this.#evaluated = program;
    this.#state.beginEvaluation();
  }

  async exportTensors(): Promise<TensorMap> {
    const { health } = this.#context;
    health.check();
    const tensors: [string, TensorData][] = [];
    for (const group of this.#groups()) tensors.push(...(await health.guard(this.#readGroup(group))));
    const states = await health.guard(this.#state.read());
    this.#stored.state.forEach(({ name, shape }, index) =>
      tensors.push([name, { shape, data: states[index] ?? new Float32Array() }]),
    );
    return new Map(tensors);
  }

  async importTensors(tensors: TensorMap): Promise<void> {
    this.#context.health.check();
    // Everything is checked before anything is written: a refused import leaves the network as it was.
    checkTensors(this.#stored, tensors);
    for (const group of this.#groups()) this.#writeGroup(group, tensors);
    this.#state.write(this.#stored.state.map(({ name }) => tensors.get(name)?.data));
  }

  async exportGradients(): Promise<TensorMap> {
    this.#context.health.check();
    return new Map(await this.#context.health.guard(this.#readGroup({ buffer: 'gradients', prefix: '' })));
  }

  dispose(): void {
    const { training, evaluation } = this.#programs;
    for (const program of [training, ...Object.values(evaluation)]) program.dispose();
    this.#results.dispose();
    this.#state.dispose();
    this.#buffers.dispose();
  }

  #sendBatch(batch: Batch): void {
    this.#upload.fill(batch);
    this.#context.device.queue.writeBuffer(this.#buffers.get('batch'), 0, this.#upload.words);
  }

  #writeStep(kind: StepKind): void {
    if (kind === 'evaluation') this.#uniform.setEvaluation();
    this.#context.device.queue.writeBuffer(this.#buffers.step(kind), 0, this.#uniform.bytes);
  }

  #run(program: CompiledProgram): Promise<readonly [number, number, number]> {
    const staging = this.#results.take();
    program.run((encoder) =>
      encoder.copyBufferToBuffer(this.#buffers.get('result'), 0, staging, 0, resultFloats * 4),
    );
    return this.#context.health.guard(this.#results.read(staging));
  }

  /** Everything that is stored once for each parameter, in the order of a checkpoint. */
  #groups(): readonly TensorGroup[] {
    const { slots } = optimizers[this.options.optimizer.kind];
    return [
      { buffer: 'parameters', prefix: '' },
      ...slots.map((slot, index): TensorGroup => ({
        buffer: slotBuffers[index] ?? 'firstSlot',
        prefix: `optimizer.${slot}.`,
      })),
      ...(this.options.averaging ? [{ buffer: 'average', prefix: averagePrefix } as const] : []),
    ];
  }

  async #readGroup({ buffer, prefix }: TensorGroup): Promise<readonly [string, TensorData][]> {
    const { layout } = this.#design;
    const flat = await this.#buffers.read(this.#buffers.get(buffer), layout.floats);
    return this.#stored.parameters.map(({ name, shape }, index): [string, TensorData] => {
      const place = layout.places[index];
      if (place === undefined) throw new Error(`${name} has no place`);
      return [prefix + name, { shape, data: unpackParameter(place, flat) }];
    });
  }

  /** Tensors that are missing become zero. */
  #writeGroup({ buffer, prefix }: TensorGroup, tensors: TensorMap): void {
    const { layout } = this.#design;
    const flat = new Float32Array(layout.floats);
    for (const place of layout.places) {
      const tensor = tensors.get(prefix + place.name);
      if (tensor !== undefined) packParameter(place, tensor.data, flat);
    }
    this.#context.device.queue.writeBuffer(this.#buffers.get(buffer), 0, flat);
  }
}

interface NetworkMemory {
  readonly buffers: NetworkBuffers;
  readonly state: CarriedState;
}

/** Rejects with CharloomError('bad-setting') when the card does not have enough memory. */
async function makeMemory(device: GPUDevice, design: Design): Promise<NetworkMemory> {
  device.pushErrorScope('out-of-memory');
  const buffers = new NetworkBuffers(device, design);
  const state = new CarriedState(device, buffers, design.shape);
  const error = await device.popErrorScope();
  if (error === null) return { buffers, state };
  state.dispose();
  buffers.dispose();
  throw outOfMemoryError(design.spec, design.options, error);
}

async function compilePrograms(
  { device, pipelines }: WebgpuContext,
  design: Design,
  buffers: NetworkBuffers,
): Promise<Programs> {
  const compile = (dispatches: readonly Dispatch[], setting: Setting): Promise<CompiledProgram> =>
    CompiledProgram.create({ device, pipelines, buffers }, dispatches, setting, design.plan.submitWork);
  const evaluation = evaluationProgram(design);
  const [training, trained, averaged] = await Promise.all([
    compile(trainingProgram(design), { step: 'training' }),
    compile(evaluation, { step: 'evaluation' }),
    buffers.has('average')
      ? compile(evaluation, { step: 'evaluation', instead: { parameters: 'average' } })
      : undefined,
  ]);
  return { training, evaluation: { trained, ...(averaged === undefined ? {} : { averaged }) } };
}

function noAverage(): CharloomError {
  return new CharloomError('incompatible', 'This network has no averaged weights.');
}
