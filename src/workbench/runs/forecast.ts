import { findCandidates, whyAlone } from '../../processes/choose-backend.ts';
import { requireBackend } from '../../node/backend/providers.ts';
import { decide, type MeasuredBackend, type TriedBackend } from '../../node/trial/decide.ts';
import { timeBackend } from '../../processes/trials.ts';
import { backendName, type BackendReference } from '../../shared/domain/backends.ts';
import type { BackendSpeed } from '../../shared/domain/run.ts';
import { CharloomError, describeProblem } from '../../shared/errors.ts';
import type { StreamContext, StreamHandlers, StreamParams } from '../../shared/ipc/contract.ts';
import { planChunks, requireStartable } from '../../shared/planning/plan.ts';
import type { WorkbenchContext } from '../context.ts';
import type { WorkbenchOptions } from '../workbench-types.ts';
import { durationOf, freeBytes, reckon } from './reckon.ts';

type Side = StreamContext<'runs.forecast'>;
type Params = StreamParams<'runs.forecast'>;

/** Trains a few steps and estimates how long the whole run would take, on the backend that would be chosen and then on the other available ones. */
export function forecastStreams({ options }: WorkbenchContext): Pick<StreamHandlers, 'runs.forecast'> {
  return {
    'runs.forecast': async (params, side) => {
      requireStartable(planChunks({ ...params.settings, characters: params.characters }));
      side.push({ kind: 'progress', fraction: 0, doing: 'finding backends' });
      const candidates = await findCandidates(options.graphics);
      const { backend: choice } = params;
      if (choice === 'auto') {
        const tried = await tryAll(params, candidates, options, side);
        await tellForecast(params, tried, options, side);
        return;
      }
      const wanted = await requireBackend(
        choice,
        options.graphics,
        'Install it on the Settings page, or use the embedded backend.',
      );
      const first = await tryAll(params, [wanted], options, side);
      await tellForecast(params, first, options, side);
      await tellOthers(params, first, candidates, options, side);
    },
  };
}

/** Tries backends one after the other. */
async function tryAll(
  params: Params,
  backends: readonly BackendReference[],
  { fork }: WorkbenchOptions,
  side: Side,
): Promise<readonly TriedBackend[]> {
  const tried: TriedBackend[] = [];
  for (const [index, backend] of backends.entries()) {
    const fraction = 0.1 + (0.9 * index) / backends.length;
    const onTrial = (): void =>
      side.push({ kind: 'progress', fraction, doing: `training a few steps on ${backendName(backend)}` });
    tried.push(await timeBackend(params, backend, { fork, signal: side.signal, onTrial }));
  }
  return tried;
}

/** Sends the forecast for the backend that would be chosen. */
async function tellForecast(
  params: Params,
  tried: readonly TriedBackend[],
  { graphics, runsFolder, homeFolder }: WorkbenchOptions,
  side: Side,
): Promise<void> {
  const { chosen, reason } = decide(tried);
  if (chosen === null) throw whyNone(tried);
  const why = params.backend !== 'auto' ? 'selected' : tried.length > 1 ? reason : await whyAlone(graphics);
  const free = (await freeBytes(runsFolder)) ?? (await freeBytes(homeFolder));
  side.push({ kind: 'forecast', forecast: reckon(params, chosen, why, free) });
  side.push({ kind: 'speeds', speeds: tried.map((each) => speedOf(params, each)) });
}

/** What went wrong with the backend that was to be chosen. */
function whyNone(tried: readonly TriedBackend[]): Error {
  const failed = tried.find((each) => each.kind === 'failed');
  return failed?.error ?? new CharloomError('backend-unavailable', 'No backend could be tried.');
}

/** Sends the speeds of the backends that were not chosen, each as soon as it is known. */
async function tellOthers(
  params: Params,
  first: readonly TriedBackend[],
  candidates: readonly BackendReference[],
  options: WorkbenchOptions,
  side: Side,
): Promise<void> {
  const { fork } = options;
  const tried = [...first];
  for (const backend of candidates) {
    if (tried.some((each) => each.backend.kind === backend.kind)) continue;
    tried.push(await timeBackend(params, backend, { fork, signal: side.signal }));
    side.push({ kind: 'speeds', speeds: tried.map((each) => speedOf(params, each)) });
  }
}

function speedOf(params: Params, tried: TriedBackend): BackendSpeed {
  const named = { backend: tried.backend.kind, name: backendName(tried.backend) };
  return tried.kind === 'failed'
    ? { kind: 'failed', ...named, problem: describeProblem(tried.error) }
    : { kind: 'measured', ...named, ...timesOf(params, tried) };
}

function timesOf(
  params: Params,
  { measurement }: MeasuredBackend,
): { readonly millisecondsPerStep: number; readonly duration: number } {
  return {
    millisecondsPerStep: measurement.millisecondsPerStep,
    duration: durationOf(params, measurement),
  };
}
