import { join } from 'node:path';
import { naturally } from '../../engine/documents/natural-order.ts';
import type { InputFile } from '../../node/documents/list-inputs.ts';
import { hashFile } from '../../node/files/hash-file.ts';
import { keepText, type KeptText } from '../../processes/documents/keep-text.ts';
import type { RecipeFile } from '../../processes/documents/read-inputs.ts';
import { defaultReadChoices, type ReadChoices } from '../../shared/domain/documents.ts';
import type { InputWish, TextWish } from '../../shared/domain/made-text.ts';
import type { Text } from '../../shared/domain/text.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import type { WorkbenchContext } from '../context.ts';
import { importFile } from './import-text.ts';
import { keptFilesOf } from './made-text.ts';

type Parts = Pick<WorkbenchContext, 'options' | 'notices' | 'readings' | 'texts' | 'imported' | 'passwords'>;

/** Maximum number of unreadable files that are reported individually; the page of the text lists them all. */
const mostTold = 3;

/**
 * Makes a text from imported files, or another version of a text from its stored files. The earlier version is not changed. A single imported file is
 * imported like any file.
 * @throws CharloomError of the first file if none can be read; 'not-found', 'storage', 'check-failed' or 'cancelled'
 */
export async function makeText(context: Parts, wish: TextWish): Promise<Text> {
  const parts = wish.inputs.flatMap(({ from }) => (from.kind === 'imported' ? [from.part] : []));
  try {
    const earlier = wish.text === null ? null : await context.texts.get(wish.text);
    const files = await filesOf(context, wish, earlier);
    const [only] = files;
    const isAlone =
      earlier === null && files.length === 1 && !parts.some((part) => context.imported.isCopy(part));
    if (isAlone && only !== undefined && only.own === undefined) {
      return await importFile(context, only.path);
    }
    return await keep(context, wish, files, earlier);
  } finally {
    await context.imported.release(parts);
  }
}

async function keep(
  { options, readings, texts, notices }: Parts,
  { title, separator }: TextWish,
  files: readonly RecipeFile[],
  earlier: Text | null,
): Promise<Text> {
  const request = {
    files,
    recipe: { choices: defaultReadChoices, cleaning: null, isPlain: false, whenUnsure: 'take' },
    separator,
    home: join(options.homeFolder, 'texts'),
    title,
  } as const;
  const made = await readings.during(title, (hooks) => keepText(options.fork, request, hooks));
  for (const message of complaints(made))
    notices.emit({ kind: 'notice', level: 'warning', message, run: null });
  return earlier === null
    ? (await texts.add(made.path, 'upload', title)).text
    : texts.addState(made.path, title, earlier);
}

function complaints({ record: { inputs, leftOut } }: KeptText): readonly string[] {
  const told = leftOut.slice(0, mostTold).map(({ reason }) => reason);
  const all = inputs.length + leftOut.length;
  const rest =
    leftOut.length > mostTold
      ? [`${leftOut.length} of ${formatQuantity(all, 'file')} were left out: see “Made from”.`]
      : [];
  return [...told, ...rest];
}

/** The files of a request: stored ones in its order, then imported ones in natural order. */
async function filesOf(
  context: Parts,
  { inputs }: TextWish,
  earlier: Text | null,
): Promise<readonly RecipeFile[]> {
  const kept = earlier === null ? new Map<string, InputFile>() : await keptFilesOf(earlier);
  const own: RecipeFile[] = [];
  const imported: RecipeFile[] = [];
  for (const wish of inputs) {
    if (wish.from.kind === 'kept') own.push(await keptFile(context, wish, kept.get(wish.from.key)));
    else {
      for (const file of await context.imported.list(wish.from.part)) {
        imported.push(await decided(context, file, wish));
      }
    }
  }
  return [...own, ...imported.toSorted((a, b) => naturally(a.name, b.name))];
}

async function keptFile(context: Parts, wish: InputWish, file: InputFile | undefined): Promise<RecipeFile> {
  if (file !== undefined) return decided(context, file, wish);
  throw new CharloomError('not-found', 'A source file of this text is missing.', {
    fix: 'Open the text again and import the file again.',
  });
}

/** A file with its own choices; a password is remembered while the program runs. */
async function decided(
  { passwords }: Parts,
  file: RecipeFile,
  { choices, cleaning }: InputWish,
): Promise<RecipeFile> {
  const password = await passwordOf(passwords, file.path, choices);
  const read = password === null ? choices : { ...(choices ?? defaultReadChoices), password };
  if (read === null && cleaning === null) return file;
  return { ...file, own: { choices: read ?? undefined, cleaning: cleaning ?? undefined } };
}

async function passwordOf(
  known: Map<string, string>,
  path: string,
  choices: ReadChoices | null,
): Promise<string | null> {
  const given = choices?.password ?? null;
  if (given === null && known.size === 0) return null;
  const content = await hashFile(path);
  if (given !== null) known.set(content, given);
  return given ?? known.get(content) ?? null;
}
