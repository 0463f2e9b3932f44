import { assertDefined } from './cells/assert-defined.ts';
import {
  cutByRowGroup,
  declareStates,
  meanLoss,
  scoreSymbols,
  symbolCount,
  writeStates,
  writeRowGroups,
  type GraphContext,
} from './graph-context.ts';
import { names } from './names.ts';

/** Writes the loss of one batch without dropout, with a carried state of its own, and the reset of that state. */
export function writeEvaluation(writer: GraphContext): void {
  const { tf, options } = writer;
  const { evaluate } = names;
  const state = declareStates(writer, options.batchSize, 'evaluate.');
  const count = symbolCount(options);
  const rowGroups = writeRowGroups(writer, tf.placeholder(evaluate.x, 'int32', [count]), state, false);
  const labels = cutByRowGroup(writer, tf.placeholder(evaluate.y, 'int32', [count]), 'int32');
  const losses = rowGroups.flatMap((rowGroup, index) =>
    rowGroup.logits.map(
      (logits, chunk) => scoreSymbols(writer, logits, assertDefined(labels[index]?.[chunk])).losses,
    ),
  );
  const loss = meanLoss(tf, losses, options);
  tf.pack([loss], evaluate.result, writeStates(writer, state, rowGroups));
  const cleared = state.map((variable) =>
    variable.assign(tf.filled([options.batchSize, writer.model.spec.rnnSize], 0)),
  );
  tf.pack([tf.scalar(0)], evaluate.reset, cleared);
}
