import { spawnSync } from 'node:child_process';

/** Words for Electron itself, before the application's: those of the packed program, and what the sandbox needs. */
export function electronWords(userData: string): readonly string[] {
  return [...sandboxWords(), ...plainWords(userData)];
}

/** Words for a packed program, whose sandbox is its own business: what the display asks for (CHARLOOM_ELECTRON_WORDS), where it keeps its data. */
export function plainWords(userData: string): readonly string[] {
  return [...wordsOf('CHARLOOM_ELECTRON_WORDS'), `--user-data-dir=${userData}`];
}

/** The words in an environment variable. */
export function wordsOf(variable: string): readonly string[] {
  return (process.env[variable] ?? '').split(' ').filter((word) => word !== '');
}

/**
 * Without a sandbox only where the system allows none: tests use what users run. Where the real program is required (CHARLOOM_ELECTRON), so is its
 * sandbox.
 */
function sandboxWords(): readonly string[] {
  if (process.platform !== 'linux' || process.env['CHARLOOM_ELECTRON'] === 'required') return [];
  const isRoot = process.getuid?.() === 0;
  const works = !isRoot && spawnSync('unshare', ['-Ur', 'true'], { stdio: 'ignore' }).status === 0;
  if (works) return [];
  process.stderr.write(
    `Electron runs without its sandbox: ${isRoot ? 'this is root' : 'no user namespaces'}.\n`,
  );
  return ['--no-sandbox'];
}
