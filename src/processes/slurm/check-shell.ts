import { execFile } from 'node:child_process';
import { systemCode } from '../../node/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';

/**
 * Checks the syntax of shell lines with bash, without running them: an unclosed quote would otherwise be found by each job. Without bash, as on
 * Windows, nothing is checked.
 * @param path the file that they are from, for the error
 * @throws CharloomError('usage') in bash's own words
 */
export async function checkShell(lines: string, path: string): Promise<void> {
  const problem = await new Promise<string | undefined>((resolve) => {
    const options = { timeout: 10_000, killSignal: 'SIGKILL' } as const;
    const bash = execFile('bash', ['-n'], options, (error, _, errors) => {
      resolve(error === null || systemCode(error) === 'ENOENT' ? undefined : firstLineOf(errors));
    });
    // A bash that does not start closes its input.
    bash.stdin?.on('error', () => undefined);
    bash.stdin?.end(lines);
  });
  if (problem === undefined) return;
  throw new CharloomError('usage', `The setup file ${path} is no valid shell script: ${problem}.`);
}

/** "bash: line 3: unexpected EOF while looking for matching `\"'" without the first word. */
function firstLineOf(errors: string): string {
  const [line = ''] = errors.split('\n');
  return line.replace(/^[^:]*bash: /, '');
}
