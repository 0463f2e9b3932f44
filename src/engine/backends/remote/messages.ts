import { z } from 'zod';
import { backendKinds } from '../../../shared/domain/backends.ts';
import { failureSchema } from '../../../shared/domain/common.ts';
import { modelSpecSchema } from '../../../shared/domain/model-spec.ts';
import { optimizerKinds } from '../../../shared/domain/optimizers.ts';
import { clipKinds, weightKinds } from '../../../shared/domain/training-choices.ts';
import type { Connection } from '../../../shared/ipc/frames.ts';

/**
 * Messages between a training loop and a backend in another process or page. Both ends check them: the other end may have a different version, or
 * send malformed messages.
 */

/** One end of the connection between them. `post` has copied its argument when it returns, and messages arrive in the order of the calls. */
export type Channel = Pick<Connection, 'post' | 'onValue' | 'onClose' | 'close'>;

/** Identifies the question that an answer belongs to. */
const id = z.int().nonnegative();
/** Identifies a network; assigned by the client. */
const network = z.int().nonnegative();
/** Any float, including NaN and infinities: the loss of an explosion must arrive unchanged. */
const float = z.custom<number>((value) => typeof value === 'number');
const indices = z.custom<Int32Array>((value) => value instanceof Int32Array);
/** Where records start; null if there are none. */
const starts = z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable();

const networkOptionsSchema = z.strictObject({
  batchSize: z.int().min(1),
  sequenceLength: z.int().min(1),
  optimizer: z.strictObject({
    kind: z.enum(optimizerKinds),
    decayRate: float,
    weightDecay: float,
  }),
  clip: z.strictObject({ by: z.enum(clipKinds), bound: float }),
  dropoutSeed: z.int(),
  weightDrop: float,
  averaging: z.boolean(),
  records: z.boolean(),
});

/** A part of a tensor: a large one is sent in several, in order. */
const portionFields = {
  name: z.string().max(200),
  shape: z.array(z.int().min(1)).max(4).readonly(),
  /** Elements of the tensor before this part. */
  offset: z.int().nonnegative(),
  data: z.custom<Float32Array>((value) => value instanceof Float32Array),
} as const;

/** From the training loop. Everything with an `id` receives one answer or one failure. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), id }),
  z.strictObject({ kind: z.literal('describe'), id, spec: modelSpecSchema }),
  z.strictObject({
    kind: z.literal('create'),
    id,
    network,
    spec: modelSpecSchema,
    options: networkOptionsSchema,
  }),
  z.strictObject({
    kind: z.literal('step'),
    id,
    network,
    x: indices,
    y: indices,
    starts,
    iteration: z.int(),
    learningRate: float,
    averageWeight: float,
  }),
  z.strictObject({ kind: z.literal('evaluate'), id, network, x: indices, y: indices, starts }),
  z.strictObject({
    kind: z.literal('reset-evaluation'),
    id,
    network,
    weights: z.enum(weightKinds).nullable(),
  }),
  z.strictObject({ kind: z.literal('export'), id, network, what: z.enum(['tensors', 'gradients']) }),
  /** Sent before `import`, as many as needed. */
  z.strictObject({ kind: z.literal('portion'), network, ...portionFields }),
  z.strictObject({ kind: z.literal('import'), id, network }),
  z.strictObject({ kind: z.literal('discard'), network }),
]);
export type Question = Readonly<z.infer<typeof questionSchema>>;

const infoSchema = z.strictObject({
  name: z.enum(backendKinds),
  device: z.string().max(1000),
  threads: z.int().nonnegative(),
  variant: z.string().max(1000),
});

/** From the backend. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('described'), id, info: infoSchema }),
  z.strictObject({
    kind: z.literal('created'),
    id,
    memoryBytes: z.int().nonnegative(),
    stepsInFlight: z.int().min(1).max(64),
  }),
  z.strictObject({
    kind: z.literal('stepped'),
    id,
    loss: float,
    gradientNorm: float,
    parameterNorm: float,
  }),
  z.strictObject({ kind: z.literal('evaluated'), id, loss: float }),
  /** Sent before the `done` of an `export`, as many as needed. */
  z.strictObject({ kind: z.literal('portion'), id, ...portionFields }),
  z.strictObject({ kind: z.literal('done'), id }),
  z.strictObject({ kind: z.literal('failed'), id, failure: failureSchema }),
]);
export type Answer = Readonly<z.infer<typeof answerSchema>>;
