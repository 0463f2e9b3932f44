import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Removal } from '../../../shared/domain/checkpoint.ts';
import { formatBytes, formatQuantity } from '../../../shared/format/numbers.ts';
import type { Messages } from '../../stores/messages.svelte.ts';

/** The result of a removal: what was removed, what it freed, what was kept and why. */
export function removalSentence({ files, bytes, kept }: Removal, noun: string): string {
  const went =
    files.length === 0
      ? 'Nothing was moved to the trash.'
      : `${formatQuantity(files.length, noun)} moved to trash (${formatBytes(bytes)}).`;
  const reasons = [...new Set(kept.map(({ reason }) => reason))];
  const stayed = reasons.map((reason) => {
    const ofThem = kept.filter((each) => each.reason === reason);
    const [only] = ofThem;
    const what = ofThem.length === 1 && only !== undefined ? only.file : formatQuantity(ofThem.length, noun);
    return `Kept: ${what} (${reason.replace(/\.$/, '')}).`;
  });
  return [went, ...stayed].join(' ');
}

/** Reports a removal, with a button that restores it. */
export function tellRemoval(
  { bridge, messages }: { readonly bridge: Bridge; readonly messages: Messages },
  removal: Removal,
  { noun, undone }: { readonly noun: string; readonly undone: () => Promise<void> },
): void {
  const message = removalSentence(removal, noun);
  if (removal.files.length === 0) {
    messages.add('warning', message);
    return;
  }
  const { undo } = removal;
  const run = async (): Promise<void> => {
    await bridge.request('trash.undo', { undo });
    await undone();
  };
  messages.add('good', message, { action: { label: 'Undo', run, deed: { kind: 'undo-removal', undo } } });
}
