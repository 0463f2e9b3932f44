import { CharloomError } from '../../../shared/errors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { parameterShapes, stateShapes, type TensorShape } from '../../../shared/domain/model-tensors.ts';
import type { NetworkOptions, TensorMap } from '../backend.ts';

/** Every tensor a network keeps between steps, in canonical layout. */
export function storedShapes(spec: ModelSpec, options: NetworkOptions): readonly TensorShape[] {
  const parameters = parameterShapes(spec);
  const memories = options.optimizer.kind === 'adam' ? ['m', 'v'] : ['m'];
  return [
    ...parameters,
    ...memories.flatMap((memory) =>
      parameters.map(({ name, shape }) => ({ name: `optimizer.${memory}.${name}`, shape })),
    ),
    ...stateShapes(spec, options.batchSize),
  ];
}

/**
 * Refuses tensors that do not belong to this network: unknown names, wrong shapes, missing parameters, and groups (optimiser
 * memory, state) that are neither complete nor absent.
 */
export function checkTensors(stored: readonly TensorShape[], tensors: TensorMap): void {
  const shapes = new Map(stored.map(({ name, shape }) => [name, shape]));
  for (const [name, { shape }] of tensors) {
    const expected = shapes.get(name);
    if (expected === undefined) throw unusable(`it has no tensor named ${name}`);
    if (shape.join() !== expected.join()) {
      throw unusable(`${name} should be ${expected.join(' by ')}, not ${shape.join(' by ')}`);
    }
  }
  const given = new Set([...tensors.keys()].map(groupOf)).add('parameters');
  for (const { name } of stored) {
    if (given.has(groupOf(name)) && !tensors.has(name)) throw unusable(`${name} is missing`);
  }
}

function groupOf(name: string): string {
  const group = /^(optimizer|state)\./.exec(name)?.[1];
  return group ?? 'parameters';
}

function unusable(detail: string): CharloomError {
  return new CharloomError('incompatible', `These tensors do not fit this network: ${detail}.`);
}
