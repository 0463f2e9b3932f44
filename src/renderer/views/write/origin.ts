import type { Writer } from '../../stores/writing/writer.svelte.ts';
import { withAuthor, type LoadedModel } from '../../stores/writing/versions.ts';
import { authorName } from '../../stores/writing/author.ts';

/**
 * Where a text comes from, when that is not what its heading says: it stays while other models and temperatures are turned to. Null where the
 * heading is right.
 */
export function originSentence(
  { authors, settings }: Pick<Writer, 'authors' | 'settings'>,
  now: { readonly model: LoadedModel | null; readonly temperature: number },
): string | null {
  if (settings === null) return null;
  const isOther = isByAnother(authors, now.model);
  const isWarmer = !settings.greedy && settings.temperature !== now.temperature;
  if (!isOther && !isWarmer) return null;
  const who = isOther ? ` by ${authors.map(authorName).join(', then by ')}` : '';
  const how = settings.greedy ? '' : ` at temperature ${settings.temperature}`;
  return `This text was written${who}${how}.`;
}

/** Whether somebody else than a model has written a text, or a part of it. Nobody can tell while the model is not loaded. */
export function isByAnother(authors: readonly LoadedModel[], model: LoadedModel | null): boolean {
  return model !== null && (authors.length > 1 || withAuthor(authors, model) !== authors);
}
