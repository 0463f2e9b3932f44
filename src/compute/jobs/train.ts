import type { SessionHooks, SessionOutcome } from '../../node/session/session-types.ts';
import { bothHooks } from '../../node/session/both-hooks.ts';
import { RunController } from '../../node/session/controller.ts';
import { resumeRun } from '../../node/session/resume.ts';
import { startRun } from '../../node/session/start.ts';
import { asKept } from '../../node/files/metrics.ts';
import { attemptTask, withTaskLock } from '../../runs/sweeps/attempt-task.ts';
import type { Command, Job, Report } from '../../shared/compute/messages.ts';
import type { TrainingItem } from '../../shared/domain/run.ts';
import { adviceInWords, withAdvice } from '../../shared/advice.ts';
import { vocabularySentence } from '../../shared/format/vocabulary-sentence.ts';
import type { RunningJob } from '../job.ts';
import type { OpenJobBackend } from '../open-backend.ts';
import { openTask } from '../open-task.ts';
import { StepBatcher } from '../step-batcher.ts';
import { throttled } from '../throttled.ts';

type TrainJob = Extract<Job, { kind: 'start' | 'resume' }>;

/** Trains a run, new or resumed, and reports its progress. */
export function train(job: TrainJob, post: (report: Report) => void, open: OpenJobBackend): RunningJob {
  const controller = new RunController();
  const hooks = sessionHooks(post);
  const session = (all: SessionHooks): Promise<SessionOutcome> =>
    runSession(job, { hooks: all, controller, open });
  const ended = trainWithin(job, { hooks, controller, session }).then((outcome) => {
    post({ kind: 'done', end: outcome?.end ?? null });
  });
  return {
    ended,
    onCommand: (command) => obey(command, controller),
    // The current state goes into the resume point.
    onGone: () => controller.suspend(),
  };
}

interface TaskSession {
  readonly hooks: SessionHooks;
  readonly controller: RunController;
  readonly session: (hooks: SessionHooks) => Promise<SessionOutcome>;
}

/** Trains the run, as a task of its sweep if it is one; undefined where the sweep ended it before it trained. */
async function trainWithin(
  { task, folder }: TrainJob,
  { hooks, controller, session }: TaskSession,
): Promise<SessionOutcome | undefined> {
  const opened = task === null ? null : await openTask(folder, task, hooks);
  if (opened === null) return session(hooks);
  const { sweep, turn } = opened;
  const train = (attempt: SessionHooks): Promise<SessionOutcome> => session(bothHooks(hooks, attempt));
  const { outcome } = await withTaskLock(sweep, turn, controller, (lock) =>
    attemptTask(sweep, turn, { lock, controller, train }),
  );
  return outcome;
}

function obey({ kind }: Command, controller: RunController): void {
  if (kind === 'pause') controller.pause();
  else if (kind === 'continue') controller.continue();
  else if (kind === 'checkpoint') controller.checkpoint();
  else if (kind === 'stop') controller.stop();
  else if (kind === 'suspend') controller.suspend();
}

interface Surroundings {
  readonly hooks: SessionHooks;
  readonly controller: RunController;
  readonly open: OpenJobBackend;
}

function runSession(job: TrainJob, { hooks, controller, open }: Surroundings): Promise<SessionOutcome> {
  const common = {
    loadBackend: () => open(job.backend, job.threads),
    samples: job.samples ?? undefined,
  };
  if (job.kind === 'resume') {
    const { folder, textPath, changes } = job;
    return resumeRun({ ...common, folder, textPath: textPath ?? undefined, changes }, hooks, controller);
  }
  const { textPath, encoding, settings, folder, initFrom, vocabulary } = job;
  return startRun(
    {
      ...common,
      textPath,
      settings,
      folder,
      encoding: encoding ?? undefined,
      initFrom: initFrom ?? undefined,
      vocabulary: vocabulary ?? undefined,
    },
    hooks,
    controller,
  );
}

function sessionHooks(post: (report: Report) => void): SessionHooks {
  const send = (item: TrainingItem): void => post({ kind: 'training', item });
  const batcher = new StepBatcher((steps) => send({ kind: 'steps', steps }));
  const tell = (item: TrainingItem): void => {
    batcher.flush();
    send(item);
  };
  return {
    onReading: throttled((fraction) => tell({ kind: 'busy', doing: 'reading', fraction })),
    onVocabulary: (use) => post({ kind: 'notice', message: vocabularySentence(use) }),
    onStart: ({ folder, record }) => post({ kind: 'started', folder, device: record.backend.device }),
    onEvent: (event) => {
      if (event.kind === 'state') tell(event);
      else if (event.kind === 'checkpoint') {
        const { kind, file, iteration, epoch, validationLoss, weights, best } = event;
        tell({ kind, file, iteration, epoch, validationLoss, weights, best });
      } else if (event.kind !== 'log') {
        const kept = asKept(event);
        if (kept.kind === 'step') batcher.add(kept);
        else tell(kept);
      }
    },
    onEvaluationProgress: throttled((fraction) => tell({ kind: 'busy', doing: 'evaluating', fraction })),
    onSample: (sample) => tell({ kind: 'sample', sample }),
    onNotice: (message, advice) =>
      post({ kind: 'notice', message: withAdvice(message, advice, adviceInWords) }),
  };
}
