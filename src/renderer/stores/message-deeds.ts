import type { Bridge } from '../../shared/ipc/contract.ts';
import type { Library } from './library.svelte.ts';
import type { Deed } from './message.ts';
import type { Router } from './router.svelte.ts';

interface Parts {
  readonly bridge: Bridge;
  readonly library: Library;
  readonly router: Router;
}

export async function performDeed({ bridge, library, router }: Parts, deed: Deed): Promise<void> {
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
