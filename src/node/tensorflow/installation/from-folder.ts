import { existsSync } from 'node:fs';
import { cp, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { checkRoom } from '../../engines/machine.ts';
import type { InstallHooks } from '../../engines/progress.ts';
import { progressOf } from './progress.ts';
import { wheelRelease, type EngineKind } from './releases.ts';
import { cudaFiles, tensorflowFiles, unpackedBytes, unpackWheel } from './unpack.ts';

/** Where an engine is assembled. */
interface Target {
  readonly kind: EngineKind;
  readonly staging: string;
}

/** What compiling the binding and the copied headers take besides the libraries, in bytes. */
const spareBytes = 2e8;

/**
 * Takes TensorFlow from a folder that the user trusts: wheels downloaded on another computer (for a machine without network), a Python site-packages
 * folder, or an unpacked C library. Missing, damaged or too large files are reported before or during copying.
 */
export async function takeFromFolder(source: string, target: Target, hooks: InstallHooks): Promise<void> {
  const folder = resolve(source);
  if (!existsSync(folder)) throw new CharloomError('not-found', `There is no folder ${folder}.`);
  const wheels = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  if (wheels.some(isTensorflowWheel)) return takeWheels(folder, wheels, target, hooks);
  const root = [join(folder, 'tensorflow'), folder, join(folder, 'lib')].find(
    (candidate) => existsSync(candidate) && libraryIn(candidate) !== undefined,
  );
  if (root === undefined) {
    throw new CharloomError('not-found', `${folder} contains neither TensorFlow's wheel nor its library.`, {
      fix: 'Give a folder with a tensorflow-*.whl file, a Python site-packages folder, or an unpacked libtensorflow.',
    });
  }
  await takeLibraries(root, join(folder, 'nvidia'), target);
}

async function takeWheels(
  folder: string,
  names: readonly string[],
  { kind, staging }: Target,
  hooks: InstallHooks,
): Promise<void> {
  checkComplete(folder, names, kind);
  const wheels = names.map((name) => join(folder, name));
  let bytes = spareBytes;
  for (const wheel of wheels) bytes += await unpackedBytes(wheel, filesOf(wheel));
  await checkRoom(staging, bytes);
  await unpackAll(wheels, staging, hooks, { isChecked: true });
}

/** A GPU engine without one of CUDA's libraries would install, but never find a card. */
function checkComplete(folder: string, names: readonly string[], kind: EngineKind): void {
  if (kind !== 'gpu') return;
  const present = new Set(names.map(projectOf));
  const missing = (wheelRelease(process, 'gpu')?.wheels ?? []).filter(({ project }) => !present.has(project));
  if (missing.length === 0) return;
  const list = missing.map(({ project, version }) => `${project}==${version}`).join(' ');
  throw new CharloomError(
    'not-found',
    `${folder} lacks ${missing.length} of the wheels that the GPU engine needs.`,
    { fix: `On a computer with a network connection: pip download --no-deps ${list}` },
  );
}

async function takeLibraries(root: string, nvidia: string, { kind, staging }: Target): Promise<void> {
  const cuda = kind === 'gpu' ? await cudaLibraries(nvidia) : [];
  const own = (await readdir(root)).filter((name) => libraryName.test(name)).map((name) => join(root, name));
  const libraries = [...own, ...cuda];
  let bytes = spareBytes;
  for (const library of libraries) bytes += (await stat(library)).size;
  await checkRoom(staging, bytes);
  const to = join(staging, 'deps', 'lib');
  await makeFolder(to);
  for (const library of libraries) await cp(library, join(to, basename(library)), { dereference: true });
  const headers = [join(root, 'include'), join(root, '..', 'include')].find((path) => existsSync(path));
  if (headers !== undefined) await cp(headers, join(staging, 'deps', 'include'), { recursive: true });
}

/** CUDA's libraries as pip installs them beside TensorFlow; none if the system's are used. */
async function cudaLibraries(nvidia: string): Promise<readonly string[]> {
  if (!existsSync(nvidia)) return [];
  const names = await readdir(nvidia, { recursive: true });
  return names
    .filter((name) => cudaFiles(`nvidia/${name.replaceAll('\\', '/')}`))
    .map((name) => join(nvidia, name));
}

interface UnpackOptions {
  /** TensorFlow's own wheel, if its name does not say so. */
  readonly isTensorflow?: (wheel: string, index: number) => boolean;
  /** Whether the files are checked against the wheels' own records. */
  readonly isChecked?: boolean;
}

/** Unpacks wheels one after another, TensorFlow's own files or CUDA's. */
export async function unpackAll(
  wheels: readonly string[],
  staging: string,
  hooks: InstallHooks,
  { isTensorflow = (wheel) => isTensorflowWheel(basename(wheel)), isChecked = false }: UnpackOptions = {},
): Promise<void> {
  for (const [index, wheel] of wheels.entries()) {
    await unpackWheel(wheel, staging, isTensorflow(wheel, index) ? tensorflowFiles : cudaFiles, {
      signal: hooks.signal,
      isChecked,
      onBytes: (written, total) =>
        hooks.onProgress(
          progressOf(
            'unpack',
            (index + written / Math.max(1, total)) / wheels.length,
            `${(written / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`,
          ),
        ),
    });
  }
}

function isTensorflowWheel(name: string): boolean {
  return /^tensorflow(_cpu)?-/.test(name);
}

function filesOf(wheel: string): typeof tensorflowFiles {
  return isTensorflowWheel(basename(wheel)) ? tensorflowFiles : cudaFiles;
}

/** The project of a wheel, from its file name, in pip's form. */
function projectOf(name: string): string {
  return (name.split('-')[0] ?? '').replaceAll('_', '-').toLowerCase();
}

const libraryName = /^libtensorflow(_cc|_framework)?\.(so\.2|2\.dylib)$/;

function libraryIn(folder: string): string | undefined {
  const suffixes = ['so.2', '2.dylib'];
  const names = ['libtensorflow_cc', 'libtensorflow'];
  return names
    .flatMap((name) => suffixes.map((suffix) => join(folder, `${name}.${suffix}`)))
    .find((path) => existsSync(path));
}
