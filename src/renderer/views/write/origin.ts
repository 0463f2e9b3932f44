import type { Writer } from '../../stores/writing/writer.svelte.ts';
import { withAuthor, type LoadedModel } from '../../stores/writing/versions.ts';
import { authorName } from '../../stores/writing/author.ts';

/** The origin of a text, if it differs from its heading: it stays when other models or temperatures are selected. Null if the heading is right. */
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

/** Whether a different author than the loaded model has written a text, or a part of it. Unknown while the model is not loaded. */
export function isByAnother(authors: readonly LoadedModel[], model: LoadedModel | null): boolean {
  return model !== null && (authors.length > 1 || withAuthor(authors, model) !== authors);
}
