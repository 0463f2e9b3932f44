import { existing } from './cells/existing.ts';
import {
  cutByStrand,
  declareStates,
  meanLoss,
  scoreSymbols,
  symbolCount,
  writeStates,
  writeStrands,
  type Writer,
} from './graph-writer.ts';
import { names } from './names.ts';

/** Writes the loss of one batch without dropout, with a carried state of its own, and the reset of that state. */
export function writeEvaluation(writer: Writer): void {
  const { tf, options } = writer;
  const { evaluate } = names;
  const state = declareStates(writer, options.batchSize, 'evaluate.');
  const count = symbolCount(options);
  const strands = writeStrands(writer, tf.placeholder(evaluate.x, 'int32', [count]), state, false);
  const labels = cutByStrand(writer, tf.placeholder(evaluate.y, 'int32', [count]), 'int32');
  const losses = strands.flatMap((strand, index) =>
    strand.logits.map(
      (logits, chunk) => scoreSymbols(writer, logits, existing(labels[index]?.[chunk])).losses,
    ),
  );
  const loss = meanLoss(tf, losses, options);
  tf.pack([loss], evaluate.result, writeStates(writer, state, strands));
  const cleared = state.map((variable) =>
    variable.assign(tf.filled([options.batchSize, writer.model.spec.rnnSize], 0)),
  );
  tf.pack([tf.scalar(0)], evaluate.reset, cleared);
}
