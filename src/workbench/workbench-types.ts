import type { GraphicsSource } from '../node/backend/graphics-source.ts';
import type { CharloomError } from '../shared/errors.ts';
import type { Handlers } from '../shared/ipc/contract.ts';
import type { AppInfo, AppSettings } from '../shared/domain/app.ts';
import type { ModelReference } from '../shared/domain/run.ts';
import type { ImportedPart } from '../shared/ipc/transfers.ts';
import type { RunEnd } from '../shared/domain/run-end.ts';
import type { RunProgress } from '../shared/domain/run-progress.ts';
import type { Text } from '../shared/domain/text.ts';
import type { RequestParams } from '../shared/ipc/contract.ts';
import type { ForkProcess } from '../processes/process.ts';

/** Storage of settings: electron-store in the window, a file beside the runs elsewhere. */
export interface SettingsStore {
  get(): AppSettings;
  change(changes: RequestParams<'settings.change'>): Promise<AppSettings>;
  onChange(listener: (settings: AppSettings) => void): () => void;
  /** Why they cannot be changed; undefined when they can. */
  readonly problem?: CharloomError | undefined;
}

/** What one host can do and others may not. */
export interface HostAbilities {
  readonly info: Pick<AppInfo, 'host' | 'canReveal' | 'canChooseFiles'>;
  /** Lets the user choose files to learn from; empty if none was chosen. */
  chooseTexts(): Promise<readonly string[]>;
  /** Shows a file or folder in the folder that holds it. */
  reveal(path: string): Promise<void>;
  /** Opens a folder in the system's file manager. */
  openFolder(path: string): Promise<void>;
  openLink(link: RequestParams<'app.openLink'>['link']): Promise<void>;
}

export interface WorkbenchOptions {
  /** Where everything except runs is stored: texts, trash, queue, imported models. */
  readonly homeFolder: string;
  readonly runsFolder: string;
  readonly fork: ForkProcess;
  /** WebGPU as this host has it. */
  readonly graphics: GraphicsSource;
  readonly settings: SettingsStore;
  readonly host: HostAbilities;
  /** Called with unexpected errors. */
  readonly onDefect: (error: unknown) => void;
}

/** The content of a checkpoint or an export for saving. */
export interface CheckpointContent {
  readonly name: string;
  readonly bytes: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

export type ExportFormat = 'safetensors' | 'json';

/** Everything behind the pages, whichever host passes on their requests. */
export interface Workbench {
  readonly handlers: Handlers;
  /** Imports a file of this machine: dropped onto the window, chosen, or opened from outside. */
  addTextFile(path: string): Promise<Text>;
  /** Imports an upload. */
  receiveText(name: string, content: AsyncIterable<Uint8Array>): Promise<Text>;
  /** Imports a file or folder of this machine as a part of a text; `texts.make` makes the text. */
  addPartFile(path: string): Promise<ImportedPart>;
  /** The same for an upload, whose name may include folders. */
  receivePart(name: string, content: AsyncIterable<Uint8Array>): Promise<ImportedPart>;
  /** Imports a model of any program: a file of this machine, or a folder. */
  addModelFile(path: string): Promise<ModelReference>;
  receiveModel(name: string, content: AsyncIterable<Uint8Array>): Promise<ModelReference>;
  /** @throws CharloomError 'not-found' or 'bad-checkpoint' */
  openCheckpoint(run: string, file: string, format: ExportFormat): Promise<CheckpointContent>;
  /**
   * What the stream `models.export` has made, while it is open.
   * @throws CharloomError 'not-found'
   */
  openExport(ticket: string): Promise<CheckpointContent>;
  /** Whether a process trains, or will as soon as its pause ends. */
  readonly isTraining: boolean;
  /** The progress of the run that trains; null if none does. */
  readonly progress: RunProgress | null;
  /** Called at most twice a second. Returns a function that stops it. */
  onProgress(listener: (progress: RunProgress | null) => void): () => void;
  /** Called when a run has ended without a request: finished, exploded, failed, interrupted. Returns a function that stops it. */
  onRunEnd(listener: (end: RunEnd) => void): () => void;
  /** Shows in the pages what was opened from outside. */
  announceOpened(
    item: { readonly text: string } | { readonly model: string } | { readonly run: string },
  ): void;
  pauseAll(): Promise<void>;
  /** Called by the host, which knows the power supply, at the start and at each change. */
  setOnBattery(isOnBattery: boolean): void;
  /** Asks every run to save and end; resolves when everything is on disk. Nothing new starts afterwards. */
  stopAll(): Promise<void>;
  /** Closes everything. Runs that still train save a resume point. */
  dispose(): Promise<void>;
}
