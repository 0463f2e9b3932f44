import { assertDefined } from './cells/assert-defined.ts';
import { declareStates, statesByLayer, writeStates, type GraphContext } from './graph-context.ts';
import type { Output } from './graph/graph.ts';
import type { Variable } from './graph/variables.ts';
import { names } from './names.ts';
import { runForward } from './row-group.ts';

/** Writes one sampling step (batch 1, no dropout, its own state), and the ways to read and write that state. */
export function writeSampling(writer: GraphContext): void {
  const { tf, model } = writer;
  const { rnnSize, vocabularySize } = model.spec;
  const state = declareStates(writer, 1, 'sample.');
  const shape = { rows: 1, chunks: [1], rnnSize, vocabularySize };
  const symbol = tf.placeholder(names.sample.symbol, 'int32', [1]);
  const rowGroup = runForward(tf, model, shape, {
    symbols: [symbol],
    initial: statesByLayer(model, state.map(read)),
    masks: [],
    training: false,
  });
  const writes = writeStates(writer, state, [rowGroup]);
  const logits = tf.reshape(assertDefined(rowGroup.logits[0]), [vocabularySize]);
  tf.identity(logits, names.sample.logits, writes);

  const flat = tf.copy(tf.placeholder(names.sample.state, 'float32', [state.length * rnnSize]));
  const parts = tf.split(
    flat,
    state.map(() => rnnSize),
    0,
  );
  const written = state.map((variable, index) =>
    variable.assign(tf.reshape(assertDefined(parts[index]), [1, rnnSize])),
  );
  tf.pack([tf.scalar(0)], names.sampleWritten, written);
  tf.identity(tf.concat(state.map(read), 0), names.sampleRead, []);
}

function read(variable: Variable): Output {
  return variable.value;
}
