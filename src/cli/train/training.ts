import { basename } from 'node:path';
import type { Backend } from '../../engine/backends/backend.ts';
import { runFolderName } from '../../node/files/names.ts';
import type { SessionHooks, SessionOutcome } from '../../node/session/session-types.ts';
import type { RunController } from '../../node/session/controller.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { RecipeName } from '../../shared/domain/recipes.ts';
import { runSettings, type RunSettings } from '../../shared/domain/run-settings.ts';
import type { VocabularyChoice } from '../../shared/domain/symbol-fit.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { PresetKey } from '../../shared/planning/presets.ts';
import { ownGraphics, startBackend, type BackendOptions, type TrainedModel } from '../backend.ts';
import { runToGoOnWith } from '../compute-process.ts';
import { textOfCommand, type DocumentOptions } from '../documents.ts';
import { givenSettings } from '../options.ts';
import type { Output } from '../output.ts';
import { runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { runNameFor } from './run-name.ts';

export interface TrainOptions extends BackendOptions, RunsFolderOptions, DocumentOptions {
  readonly resume?: string;
  readonly takeOver?: boolean;
  readonly requeue?: boolean;
  /** Decides all settings that are not given; a resumed run keeps its own. */
  readonly recipe?: RecipeName;
  /** The name of a preset: settings computed for the text. */
  readonly preset?: PresetKey;
  readonly initFrom?: string;
  readonly vocabulary?: VocabularyChoice;
  readonly json?: boolean;
}

/** A run that is ready to be trained. */
export interface Training {
  /** Title of the text that it learns from. */
  readonly textTitle: string;
  readonly run: (hooks: SessionHooks, controller: RunController) => Promise<SessionOutcome>;
}

/** The book for a run without a text. */
const firstBook = 'moby-dick';

/** A new run, or one to resume. */
export async function prepareTraining(
  files: readonly string[],
  options: TrainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<Training> {
  // The previous process crashed with the graphics card's driver, and this one replaces it.
  const left = runToGoOnWith();
  if (left !== undefined) return goOnWith(left, options);
  const [file, ...others] = files;
  if (options.resume === undefined) return newRun(file, others, options, output, signal);
  refuseWithResume(options);
  if (others.length > 0) {
    throw new CharloomError('usage', '--resume takes at most one FILE: the new location of the text.', {
      fix: 'Put a name with spaces in quotes.',
    });
  }
  for (const option of ['recipe', 'preset'] as const) {
    if (options[option] === undefined) continue;
    output.note(`--${option} is ignored: a resumed run keeps its ${option}.`);
  }
  return earlierRun(options.resume, file, options);
}

/** Resumes a run that was interrupted: from its last save, with its own settings. */
export function goOnWith(folder: string, { backend, threads }: TrainOptions): Training {
  const kept = {
    ...(backend === undefined ? {} : { backend }),
    ...(threads === undefined ? {} : { threads }),
  };
  return {
    textTitle: 'the text',
    run: async (hooks, controller) => (await earlierRun(folder, undefined, kept)).run(hooks, controller),
  };
}

async function newRun(
  file: string | undefined,
  others: readonly string[],
  options: TrainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<Training> {
  refuseAlone(options);
  const { startRun } = await import('../../node/session/start.ts');
  const { resolveModel } = await import('../../runs/find.ts');
  const runsFolder = await runsFolderOf(options);
  const initFrom =
    options.initFrom === undefined ? undefined : await resolveModel(options.initFrom, runsFolder);
  const given = givenSettings(runSettings, { ...options });
  const isBytes = given.symbols === 'bytes';
  const text =
    file === undefined
      ? await bundledText()
      : await textOfCommand([file, ...others], options, output, { isBytes, keeping: 'for-good', signal });
  // Texts made of documents are UTF-8; the encoding option applies to the files.
  const encoding = text.path === file ? options.encoding : undefined;
  const { newRunSettings } = await import('./new-run-settings.ts');
  const settings = await newRunSettings(
    text.path,
    runNameFor(text.path),
    { ...options, encoding, given },
    output,
  );
  const { vocabulary } = options;
  const request = { textPath: text.path, encoding, settings, runsFolder, initFrom, vocabulary };
  return {
    textTitle: text.title,
    run: (hooks, controller) => {
      const loadBackend = (spec: ModelSpec): Promise<Backend> =>
        startBackend(options, {
          model: modelOf(settings, spec),
          say: (remark) => output.note(remark),
          signal: controller.signal,
        });
      const named = { ...hooks, onStart: sayingName(hooks, output) };
      return startRun({ ...request, loadBackend }, named, controller);
    },
  };
}

/** Tells the user if the name was taken and the run got a number. */
function sayingName(hooks: SessionHooks, output: Output): NonNullable<SessionHooks['onStart']> {
  return (start) => {
    const [wanted, folder] = [runFolderName(start.record.settings.name, 1), basename(start.folder)];
    output.status('');
    if (folder !== wanted) output.note(`There is already a run named ${wanted}, so this one is ${folder}.`);
    hooks.onStart?.(start);
  };
}

async function bundledText(): Promise<{ readonly path: string; readonly title: string }> {
  const { listSamples, sampleText } = await import('../../node/samples/sample-text.ts');
  const book = listSamples().find(({ name }) => name === firstBook);
  const title = book === undefined ? firstBook : `${book.title} by ${book.author} (bundled)`;
  return { path: await sampleText(firstBook), title };
}

async function earlierRun(name: string, file: string | undefined, options: TrainOptions): Promise<Training> {
  const { resumeRun } = await import('../../node/session/resume.ts');
  const { readRunRecord } = await import('../../node/files/run-folder.ts');
  const { resumeBackend } = await import('../../node/session/resume-backend.ts');
  const { findRun } = await import('../../runs/find.ts');
  const folder = await findRun(name, await runsFolderOf(options));
  const record = await readRunRecord(folder);
  const changes = givenSettings(runSettings, { ...options });
  return {
    textTitle: file ?? record.text.path,
    run: async (hooks, controller) => {
      // Before the run is locked: this may start another process that does everything, and the lock would keep that one out.
      const chosen = options.backend ?? 'auto';
      const graphics = ownGraphics();
      const kept = chosen === 'auto' ? await resumeBackend(record, graphics) : chosen;
      const backend = await startBackend({ ...options, backend: kept }, { graphics });
      try {
        const loadBackend = (): Promise<Backend> => Promise.resolve(backend);
        const { takeOver } = options;
        return await resumeRun({ folder, textPath: file, changes, loadBackend, takeOver }, hooks, controller);
      } finally {
        backend.dispose();
      }
    },
  };
}

/** Refuses options that need another one: --take-over without --resume, --vocabulary without --init-from. */
function refuseAlone({ initFrom, vocabulary, takeOver }: TrainOptions): void {
  if (takeOver) throw new CharloomError('usage', '--take-over needs --resume.');
  if (vocabulary === undefined || initFrom !== undefined) return;
  throw new CharloomError(
    'usage',
    '--vocabulary needs --init-from: it applies to that checkpoint’s symbols.',
  );
}

function refuseWithResume({ initFrom, vocabulary, encoding }: TrainOptions): void {
  const given = { '--init-from': initFrom, '--vocabulary': vocabulary, '--encoding': encoding };
  const option = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (option === undefined) return;
  throw new CharloomError(
    'usage',
    `${option} cannot be used with --resume: a resumed run keeps its settings.`,
  );
}

/** The model to train: that of the starting checkpoint, if there is one, regardless of the settings. */
function modelOf(settings: RunSettings, { vocabularySize, ...model }: ModelSpec): TrainedModel {
  return { settings: { ...settings, ...model }, vocabularySize };
}
