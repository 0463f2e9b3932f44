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

/** What a model is to be trained on, and why. */
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
 * The backend that was asked for, or for `auto` the fastest by a short trial on this model and machine, remembered. A trial that fails is
 * no error and hinders no other: the embedded backend is there, and the reason says what happened.
 * @throws CharloomError('backend-unavailable') when one was asked for that is not there, ('cancelled') when the signal says so
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

/** The best backend of every kind that is here, the embedded one first. */
export async function findCandidates(graphics: GraphicsSource): Promise<readonly BackendReference[]> {
  const found = await Promise.all(backendKinds.map((kind) => findBackends(kind, graphics)));
  return found.flatMap((backends) => backends.slice(0, 1));
}

/** Why there is nothing to choose from: an engine that is installed and finds no card is worth a word. */
export async function whyAlone(graphics: GraphicsSource): Promise<string> {
  const { problem } = await graphics.find();
  return problem === null
    ? 'no other engine is installed'
    : `the graphics card cannot be used: ${problem.message.replace(/\.$/, '')}`;
}
