import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type { InstallHooks } from '../../engines/progress.ts';
import { progressOf } from './progress.ts';
import { cudaFiles, tensorflowFiles, unpackWheel } from './unpack.ts';

/**
 * Takes TensorFlow from a folder the user trusts: wheels fetched elsewhere (for a machine without network), a Python's
 * site-packages, or an unpacked C library.
 */
export async function takeFromFolder(source: string, staging: string, hooks: InstallHooks): Promise<void> {
  const folder = resolve(source);
  if (!existsSync(folder)) throw new CharloomError('not-found', `There is no folder ${folder}.`);
  const wheels = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  if (wheels.some((name) => /^tensorflow/.test(name))) {
    await unpackAll(
      wheels.map((name) => join(folder, name)),
      staging,
      hooks,
    );
    return;
  }
  const root = [join(folder, 'tensorflow'), folder, join(folder, 'lib')].find(
    (candidate) => existsSync(candidate) && libraryIn(candidate) !== undefined,
  );
  if (root === undefined) {
    throw new CharloomError('not-found', `${folder} holds neither TensorFlow's wheel nor its library.`, {
      fix: 'Give a folder with tensorflow-*.whl in it, a Python site-packages folder, or an unpacked libtensorflow.',
    });
  }
  const headers = [join(root, 'include'), join(root, '..', 'include')].find((path) => existsSync(path));
  const libraries = join(staging, 'deps', 'lib');
  await makeFolder(libraries);
  const names = (await readdir(root)).filter((name) => libraryName.test(name));
  for (const name of names) await cp(join(root, name), join(libraries, name), { dereference: true });
  if (headers !== undefined) await cp(headers, join(staging, 'deps', 'include'), { recursive: true });
}

/** Unpacks wheels one after another, TensorFlow's own files or CUDA's by the wheel's name. */
export async function unpackAll(
  wheels: readonly string[],
  staging: string,
  hooks: InstallHooks,
  isTensorflow: (wheel: string, index: number) => boolean = (wheel) => /^tensorflow/.test(basename(wheel)),
): Promise<void> {
  for (const [index, wheel] of wheels.entries()) {
    await unpackWheel(wheel, staging, isTensorflow(wheel, index) ? tensorflowFiles : cudaFiles, {
      signal: hooks.signal,
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

const libraryName = /^libtensorflow(_cc|_framework)?\.(so\.2|2\.dylib)$/;

function libraryIn(folder: string): string | undefined {
  const suffixes = ['so.2', '2.dylib'];
  const names = ['libtensorflow_cc', 'libtensorflow'];
  return names
    .flatMap((name) => suffixes.map((suffix) => join(folder, `${name}.${suffix}`)))
    .find((path) => existsSync(path));
}
