import { assertNever } from '../../../shared/errors.ts';
import type { Run } from '../../../shared/domain/run.ts';
import type { Route } from '../../stores/router.svelte.ts';

/** The most probable next action on a run. */
export type NextStep =
  | { readonly kind: 'link'; readonly label: string; readonly route: Route }
  | { readonly kind: 'resume'; readonly label: string };

/** The one step that a card offers; the rest is a click away. */
export function nextStep(run: Run): NextStep {
  const toRun: Route = { view: 'run', run: run.id };
  switch (run.state) {
    case 'waiting':
    case 'starting':
    case 'running':
    case 'pausing':
    case 'paused':
    case 'stopping':
      return { kind: 'link', label: 'Watch', route: toRun };
    case 'interrupted':
      return { kind: 'resume', label: 'Resume' };
    case 'stopped':
    case 'finished':
    case 'exploded':
    case 'failed':
    case 'imported':
      return run.best === null
        ? { kind: 'link', label: 'Look', route: toRun }
        : { kind: 'link', label: 'Write', route: { view: 'write', run: run.id, file: null } };
    case 'damaged':
      return { kind: 'link', label: 'Look', route: toRun };
    default:
      return assertNever(run.state);
  }
}
