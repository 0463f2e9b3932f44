import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand, saysOffline, type CommandResult } from '../../engines/run-command.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type { WebgpuRelease } from './release.ts';

/**
 * Runs npm, which knows the user's registry, proxies, certificates and logins. On Windows it is a script that only a shell can start, so no argument
 * may contain anything that a shell interprets.
 */
async function npm(words: readonly string[], signal: AbortSignal, cwd?: string): Promise<CommandResult> {
  const place = cwd === undefined ? {} : { cwd };
  try {
    return process.platform === 'win32'
      ? await runCommand('cmd.exe', ['/d', '/s', '/c', 'npm', ...words], { signal, ...place })
      : await runCommand('npm', words, { signal, ...place });
  } catch (cause) {
    if (cause instanceof CharloomError) throw cause;
    throw new CharloomError('backend-unavailable', 'WebGPU is downloaded with npm, and npm was not found.', {
      fix: 'Install Node.js with npm, or download the package on another computer ("npm pack webgpu") and install it with --from FILE.',
      cause,
    });
  }
}

/**
 * The address of a release in npm's configured registry.
 * @throws CharloomError 'backend-unavailable' when npm is missing or does not find it, 'cancelled'
 */
export async function locateTarball(
  { project, version }: WebgpuRelease,
  signal: AbortSignal,
): Promise<string> {
  const result = await npm(['view', `${project}@${version}`, 'dist.tarball', '--json'], signal);
  const address = result.code === 0 ? addressIn(result.stdout) : undefined;
  if (address !== undefined) return address;
  throw npmError(`npm finds no ${project} ${version}`, result);
}

/**
 * Lets npm download a release itself, where only npm gets through: then there is no progress, and an interrupted download starts again.
 * @param target the resulting file
 */
export async function packWithNpm(
  { project, version }: WebgpuRelease,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const work = `${target}.part`;
  await rm(work, { recursive: true, force: true });
  await makeFolder(work);
  try {
    const result = await npm(['pack', `${project}@${version}`, '--ignore-scripts'], signal, work);
    const file = (await readdir(work)).find((name) => name.endsWith('.tgz'));
    if (result.code !== 0 || file === undefined)
      throw npmError(`npm could not download ${project} ${version}`, result);
    await rename(join(work, file), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** npm prints the address as a JSON string. */
function addressIn(stdout: string): string | undefined {
  try {
    const address: unknown = JSON.parse(stdout);
    return typeof address === 'string' && /^https?:/.test(address) && URL.canParse(address)
      ? address
      : undefined;
  } catch {
    return undefined;
  }
}

/** npm prints a code and then the problem: "npm error 404 No match found for version 9.9.9". */
function npmComplaint(said: string): string {
  const lines = said.split('\n').flatMap((line) => /^npm (?:error|ERR!) (?!code )(.+)/.exec(line)?.[1] ?? []);
  return lines[0]?.replace(/^\d{3} /, '').trim() ?? lastLines(said, 1);
}

function npmError(what: string, result: CommandResult): CharloomError {
  const isOffline = saysOffline(result);
  return new CharloomError(
    'backend-unavailable',
    isOffline ? `${what}: no connection.` : `${what}: ${npmComplaint(`${result.stdout}\n${result.stderr}`)}`,
    {
      fix: isOffline
        ? 'Check the network (npm uses its own proxy and registry settings) and try again, or download the package on another computer and install it with --from FILE.'
        : 'If npm uses a mirror, it may lack this package. Download it on another computer and install it with --from FILE.',
      cause: new Error(result.stderr),
    },
  );
}
