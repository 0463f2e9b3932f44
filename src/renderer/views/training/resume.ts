import type { RequestParams } from '../../../shared/ipc/contract.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import type { Run } from '../../../shared/domain/run.ts';

type Changes = RequestParams<'runs.resume'>['changes'];

/** What a person may change of a run that goes on. */
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

/** Epochs in all to offer: as planned where some remain, half as many again where none do. */
export function suggestedEpochs({ settings, iteration, iterations }: Run): number {
  const planned = settings?.maxEpochs ?? 1;
  // A run that has not started does not know its iterations.
  return iteration < iterations || iterations === 0 ? planned : planned + Math.max(1, Math.ceil(planned / 2));
}

/** What differs from the run's own settings. A limit of iterations that is reached would end the run at once, so it is lifted. */
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
      return 'The next iteration uses it, and it decays from there as before. The log says when it was changed.';
    case 'constant':
      return 'Used from the next iteration on. The log says when it was changed.';
    case 'cosine':
    case 'linear':
      return 'The full size that the schedule takes its share of. When the end moves, the rate rises again to where the longer plan has it.';
  }
}
