import { maxTags, tagSchema, type Run } from '../../../shared/domain/run.ts';
import { formatQuantity } from '../../../shared/format/numbers.ts';
import type { RequestParams } from '../../../shared/ipc/contract.ts';
import type { AppState } from '../../stores/app-state.ts';

type Changes = RequestParams<'runs.tag'>['changes'];

export const longestTag = 40;

/** Why a tag cannot be added to these runs; null when it can, or nothing has been typed. */
export function problemOfTag(typed: string, runs: readonly Run[]): string | null {
  if (typed.trim() === '') return null;
  if (!tagSchema.safeParse(typed).success) return `A tag has at most ${longestTag} letters.`;
  const isFull = runs.some(({ tags }) => tags.length >= maxTags && !tags.includes(typed.trim()));
  return isFull ? `A run takes at most ${maxTags} tags.` : null;
}

/** The changes after which all of these runs have a tag, or none; runs without changes are left out. */
export function tagChanges(
  runs: readonly Run[],
  { add, remove }: { readonly add?: string; readonly remove?: string },
): Changes {
  return runs.flatMap(({ id, tags }): Changes => {
    if (add !== undefined && !tags.includes(add)) return [{ run: id, add: [add], remove: [] }];
    if (remove !== undefined && tags.includes(remove)) return [{ run: id, add: [], remove: [remove] }];
    return [];
  });
}

/** Adds a tag to runs or removes it, immediately, and offers to undo it. */
export async function changeTags(
  { bridge, messages }: Pick<AppState, 'bridge' | 'messages'>,
  runs: readonly Run[],
  wish: { readonly add?: string; readonly remove?: string },
): Promise<void> {
  const changes = tagChanges(runs, wish);
  if (changes.length === 0) return;
  const done = await messages.attempt(() => bridge.request('runs.tag', { changes }));
  if (done === undefined) return;
  const undone = changes.map(({ run, add, remove }) => ({ run, add: remove, remove: add }));
  const count = formatQuantity(changes.length, 'run');
  messages.add(
    'good',
    wish.add === undefined
      ? `“${wish.remove ?? ''}” removed from ${count}.`
      : `${count} tagged “${wish.add}”.`,
    { action: { label: 'Undo', deed: { kind: 'tag-runs', changes: undone } } },
  );
}
