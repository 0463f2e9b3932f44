import { CharloomError } from '../../../shared/errors.ts';
import { cancelled, runCommand } from '../../engines/run-command.ts';

/** The oldest Node.js that the package's installer is run with. */
const oldest = 20;

/** Where Node.js may be: on the PATH, and on a Mac where its installers put it, since an application started from the Finder does not get a shell's PATH. */
const places: readonly string[] =
  process.platform === 'darwin' ? ['node', '/opt/homebrew/bin/node', '/usr/local/bin/node'] : ['node'];

/** This process's own executable if it is Node.js. The desktop application's is not: started with a script it would open a second window. */
const ownProgram = process.versions['electron'] === undefined ? process.execPath : null;

/**
 * A Node.js that runs scripts, as a path or a name on the PATH.
 * @throws CharloomError 'backend-unavailable' if none is new enough, 'cancelled'
 */
export async function findNode(signal: AbortSignal, own = ownProgram, others = places): Promise<string> {
  if (own !== null) return own;
  let old: string | undefined;
  for (const program of others) {
    const version = await versionOf(program, signal);
    if (Number(version?.split('.')[0]) >= oldest) return program;
    old ??= version;
  }
  const found = old === undefined ? 'none was found' : `the one here is ${old}`;
  throw new CharloomError(
    'backend-unavailable',
    `On this system the TensorFlow installer needs Node.js ${oldest} or newer, and ${found}.`,
    { fix: `Install Node.js ${oldest} or newer, restart Charloom, and install the engine again.` },
  );
}

/** "24.1.0"; undefined if the program is missing or prints something else. */
async function versionOf(program: string, signal: AbortSignal): Promise<string | undefined> {
  const result = await runCommand(program, ['--version'], { signal }).catch(() => undefined);
  if (signal.aborted) throw cancelled();
  return /^v(\d+\.\d+\.\d+)/.exec(result?.stdout ?? '')?.[1];
}
