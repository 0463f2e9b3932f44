import type { AppState } from './app-state.ts';

/** Imports the training text of a run that is not in the list. Resolves with its id; rejects with what is missing if it cannot be found. */
export async function importRunText({ bridge, library, messages }: AppState, run: string): Promise<string> {
  const { id, title } = await bridge.request('runs.importText', { run });
  await library.refreshTexts();
  messages.add('good', `“${title}” was imported.`);
  return id;
}
