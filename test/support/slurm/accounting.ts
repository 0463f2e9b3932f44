import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A program to be started, beside the daemons of the cluster. */
export interface DaemonStart {
  readonly name: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const socketOf = (folder: string): string => join(folder, 'mariadb.socket');

/** Makes an empty database in the folder of a cluster. */
export async function makeDatabase(folder: string): Promise<void> {
  const options = { timeout: 120_000, killSignal: 'SIGKILL' } as const;
  await promisify(execFile)(
    'mariadb-install-db',
    [
      ...['--no-defaults', `--datadir=${join(folder, 'database')}`, '--user=root', '--skip-test-db'],
      ...['--auth-root-authentication-method=socket', '--auth-root-socket-user=root', '--skip-name-resolve'],
    ],
    options,
  );
}

/** The database: on a socket in the folder of the cluster, with no service of the system and no port. */
export function databaseStart(folder: string): DaemonStart {
  return {
    name: 'mariadbd',
    program: 'mariadbd',
    words: [
      ...['--no-defaults', '--user=root', `--datadir=${join(folder, 'database')}`],
      ...[`--socket=${socketOf(folder)}`, `--pid-file=${join(folder, 'mariadb.pid')}`, '--skip-networking'],
      // Nothing in it outlives the test.
      ...['--skip-log-bin', '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=32M'],
    ],
  };
}

/** Slurm's accounting daemon on that database. */
export function accountingStart(folder: string): DaemonStart {
  const env = { MYSQL_UNIX_PORT: socketOf(folder) };
  return { name: 'slurmdbd', program: 'slurmdbd', words: ['-D'], env };
}

/** What tells whether the database answers. */
export function databaseQuestion(folder: string): readonly [string, readonly string[]] {
  return ['test', ['-S', socketOf(folder)]];
}
