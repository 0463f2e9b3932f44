import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { outsideArchive } from '../../files/outside-archive.ts';
import { engineLayout } from './engine-folder.ts';
import { nodeHeaders, packageFolder } from './npm-package.ts';
import { answers, lastLines, runCommand } from '../../engines/run-command.ts';

/** Compiles the npm package's own binding against the libraries in an engine's folder. Takes about ten seconds. */
export async function compileBinding(folder: string, signal: AbortSignal): Promise<void> {
  const compiler = await findCompiler(signal);
  const { addon, libraries } = engineLayout(folder);
  await makeFolder(dirname(addon));
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) =>
    outsideArchive(join(packageFolder(), 'binding', file)),
  );
  const words = [
    ...['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', '-w'],
    ...['-I', outsideArchive(nodeHeaders()), '-I', join(folder, 'deps', 'include')],
    ...sources,
    ...(await linking(libraries)),
    ...['-o', addon],
  ];
  const result = await runCommand(compiler, words, { signal });
  if (result.code === 0) return;
  throw new CharloomError(
    'backend-unavailable',
    'The bridge between TensorFlow and Node.js did not compile.',
    {
      fix: /No space left/i.test(result.stderr)
        ? 'The disk is full: free some space and try again.'
        : `${compiler} said: ${lastLines(result.stderr)}`,
      cause: new Error(result.stderr),
    },
  );
}

/** How the addon finds its libraries: beside it in the engine's folder, even if that folder is moved. */
async function linking(libraries: string): Promise<string[]> {
  const names = (await readdir(libraries)).filter((name) => /^libtensorflow/.test(name)).sort();
  if (process.platform === 'darwin') {
    return [
      ...['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib'],
      ...names.map((name) => join(libraries, name)),
    ];
  }
  return [
    ...['-shared', '-L', libraries, '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ...names.map((name) => `-l:${name}`),
  ];
}

/** The system's C++ compiler; CXX chooses another. */
export async function findCompiler(signal: AbortSignal): Promise<string> {
  const candidates = [process.env['CXX'], 'c++', 'g++', 'clang++'].filter((name) => name !== undefined);
  for (const candidate of candidates) {
    if (await answers(candidate, ['--version'], signal)) return candidate;
  }
  throw new CharloomError('backend-unavailable', 'The engine needs a C++ compiler, and none was found.', {
    fix:
      process.platform === 'darwin'
        ? 'Run "xcode-select --install" and try again.'
        : 'Install one, for instance with "sudo apt install g++", and try again.',
  });
}
