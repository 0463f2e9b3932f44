import type { Text } from '../../shared/domain/text.ts';
import type { AppState } from './app-state.ts';

/** Removes a text from the list, and offers to undo it. Resolves with false if that failed, which has then been reported. */
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
