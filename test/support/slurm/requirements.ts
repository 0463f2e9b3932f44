import { execFileSync, spawnSync } from 'node:child_process';

const programs = ['slurmctld', 'slurmd', 'munged', 'sbatch', 'squeue', 'scancel', 'scontrol', 'unshare'];
const accountingPrograms = ['slurmdbd', 'sacct', 'sacctmgr', 'mariadbd', 'mariadb-install-db'];

/** Why no cluster can be started on this machine; undefined if one can. */
export function whyNoSlurm(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux only';
  const missing = missingOf(programs);
  if (missing !== undefined) return `${missing} (Debian: slurm-wlm, munge)`;
  return spawnSync('unshare', ['--uts', 'true']).status === 0
    ? undefined
    : 'no process may be given another host name here';
}

/** The same for a cluster with accounting. */
export function whyNoAccounting(): string | undefined {
  const missing = missingOf(accountingPrograms);
  return whyNoSlurm() ?? (missing && `${missing} (Debian: slurmdbd, mariadb-server-core)`);
}

function missingOf(wanted: readonly string[]): string | undefined {
  const missing = wanted.filter((name) => spawnSync('which', [name]).status !== 0);
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')} here`;
}

/** Slurm's version, for the name of a group of tests. */
export function slurmVersion(): string {
  return whyNoSlurm() === undefined
    ? execFileSync('slurmctld', ['-V'], { encoding: 'utf8' }).trim()
    : 'Slurm';
}

/** Says on standard error what is skipped, and why. */
export function saySkipped(what: string, whyNot: string | undefined): void {
  if (whyNot !== undefined) process.stderr.write(`${what} are SKIPPED: ${whyNot}.\n`);
}
