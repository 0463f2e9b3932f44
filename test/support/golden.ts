import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { NetworkOptions, TensorMap, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { networkOptions } from './networks.ts';

type Nested = number | readonly Nested[];
interface Fixture {
  readonly model: ModelSpec['model'];
  readonly layer_norm?: boolean;
  readonly residual?: boolean;
  readonly vocab: number;
  readonly size: number;
  readonly layers: number;
  readonly batch: number;
  readonly seq: number;
  readonly learning_rate: number;
  readonly alpha: number;
  readonly clamp: number;
  readonly params: Readonly<Record<string, Nested>>;
  readonly x: readonly Nested[];
  readonly y: readonly Nested[];
  readonly steps: readonly {
    readonly loss: number;
    readonly gradients_before_clamp: Readonly<Record<string, Nested>>;
  }[];
  readonly params_after: Readonly<Record<string, Nested>>;
}

function flat(value: Nested): number[] {
  return typeof value === 'number' ? [value] : value.flatMap(flat);
}

function shapeOf(value: Nested): number[] {
  if (typeof value === 'number') return [];
  return [value.length, ...shapeOf(value[0] ?? 0)];
}

/** Largest difference as a share of the largest value. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const values = Array.from(expected);
  const scale = Math.max(...values.map(Math.abs), 1e-6);
  return Math.max(...values.map((value, index) => Math.abs(value - (actual[index] ?? NaN)))) / scale;
}

/** Trains through the golden fixture of this name on a network made by `make`, and expects its losses, gradients and parameters. */
export async function checkGolden(
  name: string,
  make: (spec: ModelSpec, options: NetworkOptions, initial: TensorMap) => Promise<TrainingNetwork>,
): Promise<void> {
  const path = new URL(`../fixtures/${name}.json`, import.meta.url);
  const golden = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
  const spec = {
    model: golden.model,
    vocabularySize: golden.vocab,
    rnnSize: golden.size,
    numLayers: golden.layers,
    dropout: 0,
    layerNorm: golden.layer_norm ?? false,
    residual: golden.residual === true ? 'on' : 'off',
  } as const;
  // A norm over three nearly equal units magnifies what was rounded before it.
  const gradientTolerance = spec.layerNorm ? 5e-4 : 1e-5;
  const options = networkOptions(golden.batch, golden.seq, {
    optimizer: { kind: 'rmsprop', decayRate: golden.alpha, weightDecay: 0 },
    clip: { by: 'element', bound: golden.clamp },
  });
  const initial = Object.entries(golden.params).map(
    ([name, value]) => [name, { shape: shapeOf(value), data: Float32Array.from(flat(value)) }] as const,
  );
  const network = await make(spec, options, new Map(initial));
  for (const [index, step] of golden.steps.entries()) {
    const batch = {
      x: Int32Array.from(flat(golden.x[index] ?? [])),
      y: Int32Array.from(flat(golden.y[index] ?? [])),
    };
    const { loss } = await network.trainStep(batch, {
      iteration: index + 1,
      learningRate: golden.learning_rate,
    });
    expect(loss).toBeCloseTo(step.loss, 5);
    const gradients = await network.exportGradients();
    for (const [name, value] of Object.entries(step.gradients_before_clamp)) {
      expect(relativeError(gradients.get(name)?.data ?? [], flat(value)), name).toBeLessThan(
        gradientTolerance,
      );
    }
  }
  const after = await network.exportTensors();
  for (const [name, value] of Object.entries(golden.params_after)) {
    expect(relativeError(after.get(name)?.data ?? [], flat(value)), name).toBeLessThan(1e-5);
  }
}
