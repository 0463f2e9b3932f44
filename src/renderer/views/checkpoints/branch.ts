import type { Session } from '../../stores/context.ts';

/** Prepares a new run that begins with a checkpoint's parameters, on the same text and with the same settings to start from. */
export async function branchFrom(
  { bridge, draft, router, toasts }: Session,
  run: string,
  file: string,
): Promise<void> {
  const { text, run: described } = await bridge.request('runs.get', { run });
  draft.initializeFrom = { kind: 'run', run, file };
  if (text !== null) {
    router.go({ view: 'setup', text, from: run });
    return;
  }
  toasts.add('warning', 'The text of this run is not among your texts.', {
    fix: `Bring it in (it was ${described.text.path}), or another text with the same symbols: the new run will begin with this checkpoint.`,
  });
  router.go({ view: 'data', text: null });
}
