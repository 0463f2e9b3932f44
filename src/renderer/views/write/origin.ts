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
  const isOther = now.model !== null && (authors.length > 1 || withAuthor(authors, now.model) !== authors);
  const isWarmer = !settings.greedy && settings.temperature !== now.temperature;
  if (!isOther && !isWarmer) return null;
  const who = isOther ? ` by ${authors.map(authorName).join(', then by ')}` : '';
  const how = settings.greedy ? '' : ` at temperature ${settings.temperature}`;
  return `This text was written${who}${how}.`;
}
