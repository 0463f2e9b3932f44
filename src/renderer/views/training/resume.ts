import type { RequestParams } from '../../../shared/ipc/contract.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { resumedSettings } from '../../../shared/planning/resumed-length.ts';

type Changes = RequestParams<'runs.resume'>['changes'];

/** Settings that may change when a run is resumed. */
export interface ResumeForm {
  readonly epochs: number;
  /** Maximum of iterations, 0 for none. */
  readonly maxIterations: number;
  readonly recovers: boolean;
  readonly learningRate: number;
  readonly patience: number;
}

/** The form as it opens. A reached maximum of iterations would end the run immediately, so it is lifted. */
export function resumeForm(run: Run): ResumeForm {
  const { settings, state, iteration } = run;
  const limit = settings?.maxIterations ?? 0;
  return {
    epochs: suggestedEpochs(run),
    maxIterations: limit <= iteration ? 0 : limit,
    recovers: state === 'exploded' || settings?.onExplosion === 'recover',
    learningRate: settings?.learningRate ?? 0.002,
    patience: settings?.patience ?? 0,
  };
}

/** The form with another number of epochs, which replaces the maximum of iterations, as on the command line. */
export function withEpochs(run: Run, form: ResumeForm, epochs: number): ResumeForm {
  const { settings } = run;
  if (settings === null) return { ...form, epochs };
  const { maxIterations } =
    epochs === settings.maxEpochs ? resumeForm(run) : resumedSettings(settings, { maxEpochs: epochs });
  return { ...form, epochs, maxIterations };
}

/** The offered number of total epochs: as planned if some remain, otherwise half as many again. */
export function suggestedEpochs({ settings, iteration, iterations }: Run): number {
  const planned = settings?.maxEpochs ?? 1;
  // A run that has not started does not know its iterations.
  return iteration < iterations || iterations === 0 ? planned : planned + Math.max(1, Math.ceil(planned / 2));
}

/** Differences from the run's own settings. Both ends are sent if the epochs change, so that the run ends where the form says. */
export function resumeChanges({ settings }: Run, form: ResumeForm): Changes {
  const { epochs, maxIterations, recovers, learningRate, patience } = form;
  const onExplosion = recovers ? 'recover' : 'stop';
  const isLonger = epochs !== settings?.maxEpochs;
  const isLimited = maxIterations > 0 || (settings?.maxIterations ?? 0) > 0;
  return {
    ...(isLonger ? { maxEpochs: epochs } : {}),
    ...(maxIterations !== settings?.maxIterations || (isLonger && isLimited) ? { maxIterations } : {}),
    ...(onExplosion === settings?.onExplosion ? {} : { onExplosion }),
    ...(learningRate === settings?.learningRate ? {} : { learningRate }),
    ...(patience === settings?.patience ? {} : { patience }),
  };
}

/** What changing the learning rate does to this run, in a sentence. */
export function rateHelp(schedule: RunSettings['schedule']): string {
  switch (schedule) {
    case 'epochs':
      return 'A change applies from the next iteration, and decays from there. It is recorded in the log.';
    case 'constant':
      return 'A change applies from the next iteration. It is recorded in the log.';
    case 'cosine':
    case 'linear':
      return 'The peak of the schedule. A change is recorded in the log.';
  }
}
