import type { RequestParams } from '../../../shared/ipc/contract.ts';
import type { Run } from '../../../shared/domain/run.ts';

type Changes = RequestParams<'runs.resume'>['changes'];

/** Epochs in all to offer: as planned where some remain, half as many again where none do. */
export function suggestedEpochs({ settings, iteration, iterations }: Run): number {
  const planned = settings?.maxEpochs ?? 1;
  // A run that has not started does not know its iterations.
  return iteration < iterations || iterations === 0 ? planned : planned + Math.max(1, Math.ceil(planned / 2));
}

/** What differs from the run's own settings. A limit of iterations that is reached would end the run at once, so it is lifted. */
export function resumeChanges({ settings, iteration }: Run, epochs: number, recovers: boolean): Changes {
  const onExplosion = recovers ? 'recover' : 'stop';
  const limit = settings?.maxIterations ?? 0;
  return {
    ...(epochs === settings?.maxEpochs ? {} : { maxEpochs: epochs }),
    ...(limit > 0 && limit <= iteration ? { maxIterations: 0 } : {}),
    ...(onExplosion === settings?.onExplosion ? {} : { onExplosion }),
  };
}
