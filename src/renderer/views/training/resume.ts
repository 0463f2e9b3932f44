import type { RequestParams } from '../../../shared/ipc/contract.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import type { Run } from '../../../shared/domain/run.ts';

type Changes = RequestParams<'runs.resume'>['changes'];

/** Settings that may change when a run is resumed. */
export interface ResumeForm {
  readonly epochs: number;
  readonly recovers: boolean;
  readonly learningRate: number;
  readonly patience: number;
}

/** The form as it opens. */
export function resumeForm(run: Run): ResumeForm {
  const { settings, state } = run;
  return {
    epochs: suggestedEpochs(run),
    recovers: state === 'exploded' || settings?.onExplosion === 'recover',
    learningRate: settings?.learningRate ?? 0.002,
    patience: settings?.patience ?? 0,
  };
}

/** The offered number of total epochs: as planned if some remain, otherwise half as many again. */
export function suggestedEpochs({ settings, iteration, iterations }: Run): number {
  const planned = settings?.maxEpochs ?? 1;
  // A run that has not started does not know its iterations.
  return iteration < iterations || iterations === 0 ? planned : planned + Math.max(1, Math.ceil(planned / 2));
}

/** Differences from the run's own settings. A reached limit of iterations would end the run immediately, so it is lifted. */
export function resumeChanges({ settings, iteration }: Run, form: ResumeForm): Changes {
  const { epochs, recovers, learningRate, patience } = form;
  const onExplosion = recovers ? 'recover' : 'stop';
  const limit = settings?.maxIterations ?? 0;
  return {
    ...(epochs === settings?.maxEpochs ? {} : { maxEpochs: epochs }),
    ...(limit > 0 && limit <= iteration ? { maxIterations: 0 } : {}),
    ...(onExplosion === settings?.onExplosion ? {} : { onExplosion }),
    ...(learningRate === settings?.learningRate ? {} : { learningRate }),
    ...(patience === settings?.patience ? {} : { patience }),
  };
}

/** What changing the learning rate does to this run, in a sentence. */
export function rateHelp(schedule: RunSettings['schedule']): string {
  switch (schedule) {
    case 'epochs':
      return 'Used from the next iteration, and decays from there. The change is recorded in the log.';
    case 'constant':
      return 'Used from the next iteration. The change is recorded in the log.';
    case 'cosine':
    case 'linear':
      return 'The peak of the schedule. If the run becomes longer, the learning rate rises again to its value in the longer plan.';
  }
}
