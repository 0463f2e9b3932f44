import type { SessionHooks, SessionStart } from '../../node/session/session-types.ts';
import { formatShare } from '../../shared/format/numbers.ts';
import type { Output } from '../output.ts';
import { warningLines } from '../plan-fix.ts';
import type { RunStart, TrainReporter } from './reporter.ts';

/**
 * Passes on what a session tells.
 * @param textTitle what the run learns from, for people
 */
export function sessionReporter(reporter: TrainReporter, output: Output, textTitle: string): SessionHooks {
  return {
    onReading: (fraction) => output.status(`reading ${textTitle}: ${formatShare(fraction)}`),
    onStart: (start) => {
      output.status('');
      reporter.start(describeRun(start, textTitle));
      for (const line of warningLines(start.plan.warnings)) reporter.notice(line);
    },
    onStep: (report) => reporter.step(report),
    onEvaluationProgress: (fraction) => reporter.evaluating(fraction),
    onEvaluation: (report) => reporter.evaluation(report),
    onCheckpoint: (checkpoint) => reporter.checkpoint(checkpoint),
    onExplosion: (report) => reporter.explosion(report),
    onNotice: (message) => {
      output.status('');
      reporter.notice(message);
    },
  };
}

function describeRun(start: SessionStart, textTitle: string): RunStart {
  const { record, plan, encoding } = start;
  const { model, numLayers, rnnSize, vocabularySize } = record.spec;
  const { train, validation, test } = plan.chunks;
  return {
    run: start.folder,
    resumed: start.isResumed,
    text: textTitle,
    encoding: encoding.encoding,
    characters: plan.input.characters,
    vocabularySize,
    chunks: { train, validation, test },
    iteration: start.iteration,
    iterations: plan.iterations,
    iterationsPerEpoch: plan.iterationsPerEpoch,
    evaluateEvery: record.settings.evaluateEvery,
    symbolsPerStep: plan.input.batchSize * plan.input.sequenceLength,
    model: `${model} ${numLayers}x${rnnSize}`,
    parameters: start.parameters,
    device: record.backend.device,
    threads: record.backend.threads,
    memoryBytes: start.memoryBytes,
  };
}
