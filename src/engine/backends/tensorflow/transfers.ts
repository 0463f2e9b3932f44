import { names } from './names.ts';
import type { Operations } from './graph/operations.ts';
import type { Variable } from './graph/variables.ts';
import type { OptimizerVariables } from './optimizer.ts';
import { internalShape } from './parameters.ts';

/** Writes the import and export: every stored tensor can be replaced from its canonical layout and copied to it. */
export function addTransfers(
  tf: Operations,
  { parameters, slots, average, gradients }: OptimizerVariables,
  state: readonly Variable[],
): void {
  const groups = [parameters, ...slots.values(), ...(average === undefined ? [] : [average])];
  const stored = groups.flatMap((group) => [...group.values()]);
  const writes = [...stored, ...state].map((variable) => {
    const { name } = variable;
    const placeholder = tf.placeholder(names.import(name), 'float32', canonicalShape(variable));
    // The copy matters: a variable that shared the caller's array would change with it, and free it on a foreign thread.
    const value = isTransposed(variable) ? tf.transpose(placeholder) : placeholder;
    tf.identity(canonicalValue(tf, variable), names.export(name), []);
    return variable.assign(tf.copy(value));
  });
  tf.pack([tf.scalar(0)], names.imported, writes);
  for (const [parameter, variable] of gradients) {
    tf.identity(canonicalValue(tf, variable), names.gradient(parameter), []);
  }
}

function canonicalValue(tf: Operations, variable: Variable): string {
  return isTransposed(variable) ? tf.transpose(variable.value) : variable.value;
}

function canonicalShape({ name, shape }: Variable): readonly number[] {
  return internalShape(name, shape);
}

function isTransposed({ name, shape }: Variable): boolean {
  return internalShape(name, shape) !== shape;
}
