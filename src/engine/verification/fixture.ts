import { z } from 'zod';
import { cellKinds, normEpsilon } from '../../shared/domain/cells.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { TensorData, TensorMap } from '../backends/backend.ts';
import { elementCount, parameterShapes } from '../../shared/domain/model-tensors.ts';

const numbers = z.array(z.number());
const tensor = z.union([numbers, z.array(numbers)]);
const tensors = z.record(z.string(), tensor);
const symbols = z.array(z.array(z.array(z.int().nonnegative())));

/**
 * Golden numbers of a few training steps, computed in float64 by an independent implementation: weights [out][in]; gates LSTM
 * i,f,o,g, GRU z,r,n; loss the mean over batch and time; gradients of loss * seq before the clamp; RMSProp with epsilon outside the root.
 */
const fixtureSchema = z.object({
  model: z.enum(cellKinds),
  vocab: z.int().positive(),
  size: z.int().positive(),
  layers: z.int().positive(),
  batch: z.int().positive(),
  seq: z.int().positive(),
  learning_rate: z.number().positive(),
  alpha: z.number().min(0).lt(1),
  epsilon: z.number(),
  clamp: z.number().positive(),
  /** Layer-normalised cells. */
  layer_norm: z.boolean().default(false),
  /** From the second layer on, a layer's output is its h plus its input. */
  residual: z.boolean().default(false),
  norm_epsilon: z.number().optional(),
  /** Decay of the weights' average, with bias correction; `averaged_after` is the result. */
  average: z.number().gt(0).lt(1).optional(),
  averaged_after: tensors.optional(),
  params: tensors,
  /** [steps][batch][seq]. */
  x: symbols,
  y: symbols,
  steps: z
    .array(
      z.object({
        loss: z.number(),
        gradients_before_clamp: tensors,
        /** [layers][h, then c for LSTM][batch][size], after the step. */
        final_state: z.array(z.array(z.array(numbers))),
      }),
    )
    .min(1),
  params_after: tensors,
});

export type Fixture = Readonly<z.infer<typeof fixtureSchema>>;

/** Reads a fixture from parsed JSON; throws CharloomError('bad-setting') that describes the problem. */
export function parseFixture(json: unknown): Fixture {
  const parsed = fixtureSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw new CharloomError(
      'bad-setting',
      `This is not a file of golden numbers: ${issue?.message ?? 'unreadable'}${where}.`,
    );
  }
  const fixture = parsed.data;
  if (fixture.epsilon !== 1e-8) {
    throw new CharloomError(
      'bad-setting',
      `These golden numbers use epsilon ${fixture.epsilon}, but Charloom's is 1e-8.`,
    );
  }
  if (fixture.norm_epsilon !== undefined && fixture.norm_epsilon !== normEpsilon) {
    throw new CharloomError(
      'bad-setting',
      `These golden numbers normalise with epsilon ${fixture.norm_epsilon}, but Charloom's is ${normEpsilon}.`,
    );
  }
  if (fixture.x.length !== fixture.steps.length || fixture.y.length !== fixture.steps.length) {
    throw new CharloomError(
      'bad-setting',
      'These golden numbers have a different number of batches and steps.',
    );
  }
  return fixture;
}

/** The model of a fixture. */
export function fixtureSpec(fixture: Fixture): ModelSpec {
  return {
    model: fixture.model,
    vocabularySize: fixture.vocab,
    rnnSize: fixture.size,
    numLayers: fixture.layers,
    dropout: 0,
    layerNorm: fixture.layer_norm,
    residual: fixture.residual ? 'on' : 'off',
  };
}

/** Tensors of a fixture in canonical form; every parameter must be present with its shape. */
export function fixtureTensors(
  fixture: Fixture,
  values: Readonly<Record<string, number[] | number[][]>>,
): TensorMap {
  return new Map(
    parameterShapes(fixtureSpec(fixture)).map(({ name, shape }): [string, TensorData] => {
      const data = Float32Array.from((values[name] ?? []).flat());
      if (data.length !== elementCount(shape)) {
        throw new CharloomError(
          'bad-setting',
          `These golden numbers hold ${data.length} values for ${name} instead of ${elementCount(shape)}.`,
        );
      }
      return [name, { shape, data }];
    }),
  );
}
