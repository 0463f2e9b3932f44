import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BrowserWindow, Dialog, FileFilter } from 'electron';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import type { CheckpointContent, Workbench } from '../../workbench/workbench-types.ts';
import type { StateFile } from './state-file.ts';

interface Options {
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>;
  readonly window: () => BrowserWindow | undefined;
  readonly state: Pick<StateFile, 'get' | 'set'>;
  /** Where the first dialog opens. */
  readonly documents: string;
}

export interface CheckpointName {
  readonly run: string;
  readonly file: string;
  readonly format: 'safetensors' | 'json';
}

const textFilters: FileFilter[] = [
  {
    name: 'Texts and documents',
    extensions: [
      ...['txt', 'md', 'text', 'tex', 'log', 'xml', 'docx', 'doc', 'odt', 'epub', 'pdf', 'rtf', 'html'],
      ...['csv', 'tsv', 'json', 'jsonl', 'srt', 'vtt', 'zip', 'gz'],
    ],
  },
  { name: 'All files', extensions: ['*'] },
];

/** The system's file dialogs, opened in the folder last used. */
export class FileDialogs {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The path of a text; null if the user chose none. */
  async chooseText(): Promise<string | null> {
    return (await this.#chooseFiles('Choose a text', ['openFile']))[0] ?? null;
  }

  /** The paths of texts and documents; empty if the user chose none. */
  chooseTexts(): Promise<readonly string[]> {
    return this.#chooseFiles('Choose texts', ['openFile', 'multiSelections']);
  }

  async #chooseFiles(
    title: string,
    properties: readonly ('openFile' | 'multiSelections')[],
  ): Promise<readonly string[]> {
    const { dialog, window } = this.#options;
    const options = {
      title,
      defaultPath: this.#lastFolder,
      filters: textFilters,
      properties: [...properties],
    };
    const parent = window();
    const { filePaths } =
      parent === undefined
        ? await dialog.showOpenDialog(options)
        : await dialog.showOpenDialog(parent, options);
    this.#remember(filePaths[0]);
    return filePaths;
  }

  /** Saves a checkpoint where the user chooses; cancelling does nothing. */
  async saveCheckpoint(workbench: Pick<Workbench, 'openCheckpoint'>, name: CheckpointName): Promise<null> {
    const { run, file, format } = name;
    const fileName = format === 'json' ? `${file.replace(/\.safetensors$/, '')}.json` : file;
    const filter = { name: format === 'json' ? 'JSON' : 'Checkpoint', extensions: [format] };
    const path = await this.#choosePlace('Save checkpoint', fileName, filter);
    if (path !== null)
      await save(path, 'save the checkpoint', await workbench.openCheckpoint(run, file, format));
    return null;
  }

  /** Saves an export where the user chooses. False if cancelled. */
  async saveExport(workbench: Pick<Workbench, 'openExport'>, ticket: string): Promise<boolean> {
    const content = await workbench.openExport(ticket);
    const extension = extname(content.name).slice(1);
    const filter = { name: extension.toUpperCase(), extensions: [extension] };
    const path = await this.#choosePlace('Save export', content.name, filter);
    if (path === null) return false;
    await save(path, 'save the export', content);
    return true;
  }

  async #choosePlace(title: string, fileName: string, filter: FileFilter): Promise<string | null> {
    const { dialog, window } = this.#options;
    const options = { title, defaultPath: join(this.#lastFolder, fileName), filters: [filter] };
    const parent = window();
    const { canceled, filePath } =
      parent === undefined
        ? await dialog.showSaveDialog(options)
        : await dialog.showSaveDialog(parent, options);
    return this.#remember(canceled ? undefined : filePath);
  }

  get #lastFolder(): string {
    return this.#options.state.get('lastFolder') ?? this.#options.documents;
  }

  #remember(path: string | undefined): string | null {
    if (path === undefined || path === '') return null;
    this.#options.state.set('lastFolder', dirname(path));
    return path;
  }
}

/** Writes a file of the workbench to a path: completely, or not at all. */
async function save(path: string, action: string, { stream }: CheckpointContent): Promise<void> {
  const partial = `${path}.part`;
  await withStorageErrors(action, path, async () => {
    try {
      await pipeline(stream, createWriteStream(partial));
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  });
}
