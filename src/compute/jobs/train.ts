import { basename } from 'node:path';
import type { SessionHooks } from '../../node/session/session-types.ts';
import { RunController } from '../../node/session/controller.ts';
import { resumeRun } from '../../node/session/resume.ts';
import { startRun } from '../../node/session/start.ts';
import type { EvaluationReport } from '../../engine/training/training-hooks.ts';
import { viewSample } from '../../node/files/sample-log.ts';
import { finiteOrNull, keptParts } from '../../node/files/metrics.ts';
import type { Command, Job, Report } from '../../shared/compute/messages.ts';
import type { WatchItem } from '../../shared/domain/run.ts';
import { loadChosenBackend } from '../backend.ts';
import type { RunningJob } from '../job.ts';
import { StepBatcher } from '../step-batcher.ts';
import { throttled } from '../throttled.ts';

type TrainJob = Extract<Job, { kind: 'start' | 'resume' }>;

/** Trains a run, new or resumed, and tells how it goes as items of the contract's `runs.watch`. */
export function train(job: TrainJob, post: (report: Report) => void): RunningJob {
  const controller = new RunController();
  const ended = runSession(job, sessionHooks(post), controller).then((outcome) => {
    post({ kind: 'done', end: outcome.end });
  });
  return {
    ended,
    onCommand: (command) => obey(command, controller),
    // What is learned so far goes into the resume point.
    onGone: () => controller.suspend(),
  };
}

function obey({ kind }: Command, controller: RunController): void {
  if (kind === 'pause') controller.pause();
  else if (kind === 'continue') controller.continue();
  else if (kind === 'checkpoint') controller.checkpoint();
  else if (kind === 'stop') controller.stop();
  else if (kind === 'suspend') controller.suspend();
}

function runSession(job: TrainJob, hooks: SessionHooks, controller: RunController) {
  const common = {
    loadBackend: () => loadChosenBackend(job.engine, job.threads),
    samples: job.samples ?? undefined,
  };
  if (job.kind === 'resume') {
    const { folder, textPath, changes } = job;
    return resumeRun({ ...common, folder, textPath: textPath ?? undefined, changes }, hooks, controller);
  }
  const { textPath, encoding, settings, runsFolder, initFrom } = job;
  return startRun(
    {
      ...common,
      ...{ textPath, settings, runsFolder },
      encoding: encoding ?? undefined,
      initFrom: initFrom ?? undefined,
    },
    hooks,
    controller,
  );
}

/** As the run's files tell it. */
function evaluationItem({ iteration, epoch, validationLoss, parts }: EvaluationReport): WatchItem {
  const kept = keptParts(parts);
  return {
    ...{ kind: 'evaluation', iteration, epoch, validationLoss: finiteOrNull(validationLoss) },
    ...(kept === undefined ? {} : { parts: kept }),
  };
}

function sessionHooks(post: (report: Report) => void): SessionHooks {
  const batcher = new StepBatcher((steps) => post({ kind: 'item', item: { kind: 'steps', steps } }));
  const tell = (item: WatchItem): void => {
    batcher.flush();
    post({ kind: 'item', item });
  };
  return {
    onReading: throttled((fraction) => tell({ kind: 'busy', doing: 'reading', fraction })),
    onStart: ({ folder, record }) => post({ kind: 'started', folder, device: record.backend.device }),
    onStep: (report) => batcher.add(report),
    onEvaluationProgress: throttled((fraction) => tell({ kind: 'busy', doing: 'evaluating', fraction })),
    onEvaluation: (report) => tell(evaluationItem(report)),
    onCheckpoint: ({ path, iteration, epoch, validationLoss, best }) =>
      tell({
        kind: 'checkpoint',
        ...{ file: basename(path), iteration, epoch, best },
        validationLoss: finiteOrNull(validationLoss),
      }),
    onSample: (sample) => tell({ kind: 'sample', sample: viewSample(sample) }),
    onExplosion: ({ iteration, loss, action }) =>
      tell({ kind: 'explosion', iteration, loss: finiteOrNull(loss), action }),
    onRollback: (iteration) => tell({ kind: 'rollback', iteration }),
    onPause: (isPaused) => {
      batcher.flush();
      post({ kind: 'paused', isPaused });
    },
    onNotice: (message) => post({ kind: 'notice', message }),
  };
}
