import type { AppState } from '../../stores/app-state.ts';
import { importRunText } from '../../stores/run-text.ts';

/** Prepares a new run that starts from a checkpoint's weights, with the same text and settings. */
export async function branchFrom(session: AppState, run: string, file: string): Promise<void> {
  const { bridge, draft, router, messages } = session;
  const { text: known, run: from } = await bridge.request('runs.get', { run });
  const isUnknown = from.origin?.tellsText === false;
  const text = known ?? (isUnknown ? undefined : await messages.attempt(() => importRunText(session, run)));
  draft.initializeFrom = { kind: 'run', run, file };
  if (text !== undefined) {
    if (from.vocabulary !== null) draft.chooseVocabulary('keep', text);
    router.go({ view: 'setup', text, from: run });
    return;
  }
  messages.add('warning', 'The new run starts with this checkpoint. Choose a text.', {
    fix: isUnknown ? 'Import a text, or choose one here.' : 'Import the text of the run, or another text.',
  });
  router.go({ view: 'data', text: null });
}
