import { dropoutKey, weightDropSite } from '../../../random/dropout.ts';
import { optimizers } from '../../../../shared/domain/optimizers.ts';
import type { ModelSpec } from '../../../../shared/domain/model-spec.ts';
import type { NetworkOptions, StepOptions } from '../../backend.ts';

/** Sites of a model with the most layers: a dropout site above each layer and one unused below, a weight-drop site for each. */
const mostKeys = 68;
const scalarWords = 8;

/** Bytes of the uniform that every kernel can read. */
export const stepBytes = (scalarWords + mostKeys) * 4;

/**
 * What changes from step to step. Keys of dropout sites by random/dropout.ts, `thin` for weight drop; evaluation has the threshold 0 and the factor
 * 1, so that the same kernels leave everything unchanged.
 */
export const stepDeclaration = `
struct Step {
  learningRate: f32, averageWeight: f32, meanCorrection: f32, squareCorrection: f32,
  dropThreshold: u32, dropFactor: f32, thinThreshold: u32, thinFactor: f32,
  keys: array<vec4u, ${mostKeys / 4}>,
}
@group(0) @binding(1) var<uniform> step: Step;
fn siteKey(site: u32) -> u32 { return step.keys[site / 4u][site % 4u]; }`;

/** The uniform's content, written again for each step. */
export class StepUniform {
  readonly bytes = new ArrayBuffer(stepBytes);
  readonly #floats = new Float32Array(this.bytes);
  readonly #words = new Uint32Array(this.bytes);
  readonly #spec: ModelSpec;
  readonly #options: NetworkOptions;

  constructor(spec: ModelSpec, options: NetworkOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  /** For an evaluation pass, which updates nothing and drops nothing. */
  setEvaluation(): void {
    this.#words.fill(0);
    this.#floats[5] = 1;
    this.#floats[7] = 1;
  }

  /** For one training step. */
  setTraining({ iteration, learningRate, averageWeight = 0 }: StepOptions): void {
    const { dropout, numLayers } = this.#spec;
    const { optimizer, dropoutSeed, weightDrop } = this.#options;
    this.#floats[0] = learningRate;
    this.#floats[1] = averageWeight;
    const { scalars } = optimizers[optimizer.kind];
    this.#floats[2] = scalars.find(({ name }) => name === 'meanCorrection')?.at(iteration) ?? 1;
    this.#floats[3] = scalars.find(({ name }) => name === 'squareCorrection')?.at(iteration) ?? 1;
    this.#words[4] = Math.floor(dropout * 2 ** 32);
    this.#floats[5] = 1 / (1 - dropout);
    this.#words[6] = Math.floor(weightDrop * 2 ** 32);
    this.#floats[7] = 1 / (1 - weightDrop);
    for (let site = 0; site < weightDropSite(numLayers, numLayers); site++) {
      this.#words[scalarWords + site] = dropoutKey(dropoutSeed, iteration, site);
    }
  }
}
