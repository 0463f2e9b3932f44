import { setTimeout as wait } from 'node:timers/promises';
import type { RunController } from '../../node/session/controller.ts';
import type { SessionHooks, SessionOutcome } from '../../node/session/session-types.ts';
import { comeBackMs, givingUpSentence, goingOnSentence, Losses } from '../../processes/losses.ts';
import { CharloomError } from '../../shared/errors.ts';
import { suggestedCommand } from '../suggested-command.ts';
import type { Training } from './training.ts';

export interface ThroughLosses {
  readonly begin: Training['run'];
  /** Resumes a run from its last save, on the same backend. */
  readonly goOn: (folder: string) => Training['run'];
  readonly hooks: SessionHooks;
  readonly controller: RunController;
  /** Whether the run has already been resumed after a loss. */
  readonly hasGoneOn: boolean;
  /** Called with the run's folder as soon as training starts. */
  readonly onStarted: (folder: string) => void;
  /** Milliseconds to wait before it resumes; by default several seconds. */
  readonly comeBackMs?: number;
}

/**
 * Trains a run. If its graphics card is lost, the run resumes automatically from its last save, but not repeatedly.
 * @throws CharloomError('backend-unavailable') if the card is lost again within a short time
 */
export async function trainThroughLosses(options: ThroughLosses): Promise<SessionOutcome> {
  const { goOn, hooks, controller, hasGoneOn } = options;
  const losses = new Losses(hasGoneOn);
  let started: string | undefined;
  const noted = noting(hooks, (folder) => {
    started = folder;
    options.onStarted(folder);
  });
  for (let run = options.begin; ; run = goOn(started)) {
    try {
      return await run(noted, controller);
    } catch (error) {
      if (!isLoss(error) || started === undefined || controller.isEnding) throw error;
      if (!losses.goesOn()) throw givenUp(error, started);
      hooks.onNotice?.(goingOnSentence(error.message));
      const { signal } = controller;
      await wait(options.comeBackMs ?? comeBackMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}

/** Once a run has started, nothing else can make its backend unavailable. */
function isLoss(error: unknown): error is CharloomError {
  return error instanceof CharloomError && error.code === 'backend-unavailable';
}

function givenUp(cause: CharloomError, folder: string): CharloomError {
  const command = suggestedCommand(['train', '--resume', folder, '--backend', 'wasm']);
  return new CharloomError('backend-unavailable', givingUpSentence('webgpu', cause.message), {
    fix: `Everything up to the last save is intact. To resume on the processor: ${command}`,
    cause,
  });
}

/** The same hooks, which also report the folder. */
function noting(hooks: SessionHooks, note: (folder: string) => void): SessionHooks {
  return {
    onReading: (fraction) => hooks.onReading?.(fraction),
    onVocabulary: (use, unknown) => hooks.onVocabulary?.(use, unknown),
    onStart: (start) => {
      note(start.folder);
      hooks.onStart?.(start);
    },
    onEvent: (event) => hooks.onEvent?.(event),
    onEvaluationProgress: (fraction) => hooks.onEvaluationProgress?.(fraction),
    onSample: (sample) => hooks.onSample?.(sample),
    onNotice: (message, advice) => hooks.onNotice?.(message, advice),
  };
}
