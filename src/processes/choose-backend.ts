import type { GraphicsSource } from '../node/backend/graphics-source.ts';
import { findBackends, requireBackend } from '../node/backend/providers.ts';
import { decide, type TriedBackend } from '../node/trial/decide.ts';
import {
  backendKinds,
  embeddedBackend,
  type BackendChoice,
  type BackendReference,
} from '../shared/domain/backends.ts';
import { timeBackend, type TrialOptions, type TrialRequest } from './trials.ts';

/** The backend for a model, and the reason. */
export interface ChosenBackend {
  readonly backend: BackendReference;
  readonly reason: string;
}

export interface BackendRequest extends TrialRequest {
  readonly choice: BackendChoice;
}

export interface ChoosingOptions extends TrialOptions {
  readonly graphics: GraphicsSource;
}

/**
 * The requested backend, or for `auto` the fastest in a short trial on this model and machine, which is remembered. A failed trial is not an error
 * and does not affect the others: the embedded backend is always available, and the reason mentions the failure.
 * @throws CharloomError('backend-unavailable') if the requested backend is missing, ('cancelled') by the signal
 */
export async function chooseBackend(
  request: BackendRequest,
  options: ChoosingOptions,
): Promise<ChosenBackend> {
  const { choice } = request;
  if (choice !== 'auto') {
    const fix = 'Install it on the Settings page, or use the embedded backend.';
    return { backend: await requireBackend(choice, options.graphics, fix), reason: 'selected' };
  }
  const candidates = await findCandidates(options.graphics);
  if (candidates.length === 1) {
    return { backend: embeddedBackend, reason: await whyAlone(options.graphics) };
  }
  const tried: TriedBackend[] = [];
  for (const backend of candidates) tried.push(await timeBackend(request, backend, options));
  const { chosen, reason } = decide(tried);
  return { backend: chosen?.backend ?? embeddedBackend, reason };
}

/** The best backend of every available kind, the embedded one first. */
export async function findCandidates(graphics: GraphicsSource): Promise<readonly BackendReference[]> {
  const found = await Promise.all(backendKinds.map((kind) => findBackends(kind, graphics)));
  return found.flatMap((backends) => backends.slice(0, 1));
}

/** Why there is nothing to choose from: an installed engine that finds no card is worth mentioning. */
export async function whyAlone(graphics: GraphicsSource): Promise<string> {
  const { problem } = await graphics.find();
  return problem === null
    ? 'no other engine is installed'
    : `the graphics card cannot be used: ${problem.message.replace(/\.$/, '')}`;
}
