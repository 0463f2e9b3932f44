import type { AppState } from './app-state.ts';

/**
 * Takes in the text that a run learned from and that nobody has brought. Resolves with its id; rejects with what is missing when it is
 * not to be had.
 */
export async function importRunText({ bridge, library, toasts }: AppState, run: string): Promise<string> {
  const { id, title } = await bridge.request('runs.importText', { run });
  await library.refreshTexts();
  toasts.add('good', `“${title}” was imported.`);
  return id;
}
