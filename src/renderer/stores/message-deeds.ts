import { z } from 'zod';
import { nameSchema } from '../../shared/domain/common.ts';
import { requests } from '../../shared/ipc/requests.ts';
import type { AppState } from './app-state.ts';

/** What the button of a message does, as data: it can still be done after the page was reloaded. */
export const deedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('show-run'), run: nameSchema }),
  z.strictObject({ kind: z.literal('undo-removal'), undo: nameSchema }),
  z.strictObject({ kind: z.literal('tag-runs'), changes: requests['runs.tag'].params.shape.changes }),
  z.strictObject({ kind: z.literal('restore-text'), text: nameSchema }),
]);
export type Deed = Readonly<z.infer<typeof deedSchema>>;

export async function performDeed(
  { bridge, library, router }: Pick<AppState, 'bridge' | 'library' | 'router'>,
  deed: Deed,
): Promise<void> {
  switch (deed.kind) {
    case 'show-run':
      router.go({ view: 'run', run: deed.run });
      break;
    case 'undo-removal':
      await bridge.request('trash.undo', { undo: deed.undo });
      break;
    case 'tag-runs':
      await bridge.request('runs.tag', { changes: deed.changes });
      break;
    case 'restore-text':
      await bridge.request('texts.restore', { text: deed.text });
      await library.refreshTexts();
      break;
  }
}
