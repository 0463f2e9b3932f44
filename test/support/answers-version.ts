import { execFileSync } from 'node:child_process';

/** Whether a program is installed, judged by `--version`. */
export function answersVersion(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
