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
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { names } from './names.ts';
import type { OptimizerVariables } from './optimizer.ts';
import { readWeights } from './parameters.ts';

/** Writes the loss of one batch without dropout, with a separate carried state, and the reset of that state. */
export function writeEvaluation(writer: GraphContext, variables: OptimizerVariables): void {
  const { tf, options, model } = writer;
  const { evaluate } = names;
  const state = declareStates(writer, options.batchSize, 'evaluate.');
  const count = symbolCount(options);
  const weights = readWeights(tf, model.spec, weightsToEvaluate(tf, variables));
  const symbols = tf.placeholder(evaluate.x, 'int32', [count]);
  const rowGroups = writeRowGroups(writer, { weights, symbols, state, training: false });
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

/** The parameters, or their average if one is kept and a run requests it. */
function weightsToEvaluate(
  tf: Operations,
  { parameters, average }: OptimizerVariables,
): (name: string) => Output {
  const trained = (name: string): Output => assertDefined(parameters.get(name)).value;
  if (average === undefined) return trained;
  const isAveraged = tf.placeholder(names.evaluate.averaged, 'int32', []);
  return (name) => tf.choose(isAveraged, trained(name), assertDefined(average.get(name)).value);
}
