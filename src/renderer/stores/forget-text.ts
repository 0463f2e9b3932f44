import type { Text } from '../../shared/domain/text.ts';
import type { AppState } from './app-state.ts';

/** Takes a text off the list, with a way to have it back. Resolves with false when that failed, which has been said then. */
export async function forgetText(
  { bridge, library, messages }: Pick<AppState, 'bridge' | 'library' | 'messages'>,
  text: Text,
): Promise<boolean> {
  const isDone = await messages.attempt(async () => {
    await bridge.request('texts.forget', { text: text.id });
    await library.refreshTexts();
    messages.add('good', `“${text.title}” was removed from the list; the file was not changed.`, {
      action: { label: 'Undo', deed: { kind: 'restore-text', text: text.id } },
    });
    return true;
  });
  return isDone === true;
}
