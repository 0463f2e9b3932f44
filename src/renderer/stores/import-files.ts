import { defaultReadChoices } from '../../shared/domain/documents.ts';
import type { InputWish } from '../../shared/domain/made-text.ts';
import type { Text } from '../../shared/domain/text.ts';
import { titleOfFiles } from '../../shared/format/title-of-files.ts';
import type { AppState } from './app-state.ts';

/** A file that was dropped or chosen, or is in such a folder; the name includes the folders between the two. */
export interface NamedFile {
  readonly file: File;
  readonly name: string;
}

/** Everything that was dropped or chosen together. */
export interface ChosenFiles {
  readonly files: readonly NamedFile[];
  /** The title of a text made from them. */
  readonly title: string;
}

type Parts = Pick<AppState, 'bridge'>;
type OnProgress = (name: string, fraction: number) => void;

/** Hidden files in folders, and files that operating systems leave there. */
const unseen = /(?:^|\/)(?:\.|Thumbs\.db$|desktop\.ini$)/;

/** The files of a list from an input field, where the path of a folder's file starts with the folder's name. */
export function filesOfList(list: FileList | readonly File[]): ChosenFiles {
  const files = Array.from(list, (file) => {
    const [, ...within] = file.webkitRelativePath.split('/');
    return { file, name: within.length > 0 ? within.join('/') : file.name };
  }).filter(({ name }) => !unseen.test(name));
  const folder = files[0]?.file.webkitRelativePath.split('/')[0] ?? '';
  return { files, title: folder === '' ? titleOfFiles(files.map(({ name }) => name)) : folder };
}

/** The dropped files. In a browser a folder must be walked through; the desktop application provides its path and reads it itself. */
export async function filesOfDrop(data: DataTransfer, walksFolders: boolean): Promise<ChosenFiles> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!walksFolders || !entries.some((entry) => entry.isDirectory)) return filesOfList(data.files);
  const files: NamedFile[] = [];
  for (const entry of entries) files.push(...(await filesOfEntry(entry, '')));
  const seen = files.filter(({ name }) => !unseen.test(name));
  const [only] = entries;
  const title = entries.length === 1 ? only?.name : undefined;
  return { files: seen, title: title ?? titleOfFiles(entries.map(({ name }) => name)) };
}

async function filesOfEntry(entry: FileSystemEntry, within: string): Promise<readonly NamedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: within === '' ? file.name : `${within}/${file.name}` }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: NamedFile[] = [];
  const inside = within === '' && entry.fullPath === `/${entry.name}` ? '' : join(within, entry.name);
  for (;;) {
    // A reader returns a hundred entries at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return files;
    for (const each of some) files.push(...(await filesOfEntry(each, inside)));
  }
}

function join(within: string, name: string): string {
  return within === '' ? name : `${within}/${name}`;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Makes one text of the imported files. A single file is imported directly. */
export async function importText(
  { bridge }: Parts,
  { files, title }: ChosenFiles,
  walksFolders: boolean,
  onProgress: OnProgress = () => undefined,
): Promise<Text> {
  const [only] = files;
  // In the desktop application one "file" may be a folder.
  if (walksFolders && files.length === 1 && only !== undefined) {
    return bridge.addText(only.file, (fraction) => onProgress(only.name, fraction));
  }
  const inputs = await importParts({ bridge }, files, onProgress);
  return bridge.request('texts.make', { text: null, title, inputs, separator: '' });
}

/** Imports files that become parts of a text; each encrypted file gets its password. */
export async function importParts(
  { bridge }: Parts,
  files: readonly NamedFile[],
  onProgress: OnProgress = () => undefined,
  password: string | null = null,
): Promise<readonly InputWish[]> {
  const inputs: InputWish[] = [];
  for (const [index, { file, name }] of files.entries()) {
    const { part } = await bridge.addPart(file, name, (fraction) =>
      onProgress(name, (index + fraction) / files.length),
    );
    const choices = password === null ? null : { ...defaultReadChoices, password };
    inputs.push({ from: { kind: 'imported', part }, choices, cleaning: null });
  }
  return inputs;
}
