import { assertNever } from '../../../shared/errors.ts';
import type { Run } from '../../../shared/domain/run.ts';
import type { Route } from '../../stores/router.svelte.ts';

/** A probable next action on a run. */
export type NextStep =
  | { readonly kind: 'link'; readonly label: string; readonly route: Route }
  | { readonly kind: 'resume'; readonly label: string };

/** The steps that a card offers, the most probable first; the rest is a click away. */
export function nextSteps(run: Run): readonly NextStep[] {
  const toRun: Route = { view: 'run', run: run.id };
  const look: NextStep = { kind: 'link', label: 'Look', route: toRun };
  const write: readonly NextStep[] =
    run.best === null
      ? []
      : [{ kind: 'link', label: 'Write', route: { view: 'write', run: run.id, file: null } }];
  switch (run.state) {
    case 'waiting':
    case 'starting':
    case 'running':
    case 'pausing':
    case 'paused':
    case 'stopping':
      return [{ kind: 'link', label: 'Watch', route: toRun }];
    case 'interrupted':
    case 'stopped':
      return [{ kind: 'resume', label: 'Resume' }, ...write];
    case 'finished':
    case 'exploded':
    case 'failed':
    case 'imported':
      return write.length === 0 ? [look] : write;
    case 'damaged':
      return [look];
    default:
      return assertNever(run.state);
  }
}
