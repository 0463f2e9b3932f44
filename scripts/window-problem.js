// Why Electron opened no window, from its output, and what to do about it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {{ readonly reason: string, readonly remedy: string }} WindowProblem */

const restriction = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';

/**
 * @param {string} said what it wrote to stderr
 * @param {string} program
 * @param {string} restrictionFile
 * @returns {WindowProblem | undefined}
 */
export function problemIn(said, program, restrictionFile = restriction) {
  if (/Running as root without --no-sandbox/.test(said)) {
    return {
      reason: 'Electron opens no window for the user root, whom it would have to trust every page',
      remedy: 'started as an ordinary user it opens one',
    };
  }
  if (/sandbox helper binary|No usable sandbox|setuid_sandbox_host|zygote_host_impl/i.test(said)) {
    return sandboxProblem(program, restrictionFile);
  }
  if (
    /Missing X server|cannot open display|platform failed to initialize|Failed to connect to Wayland/i.test(
      said,
    )
  ) {
    return {
      reason: `The display ${process.env['WAYLAND_DISPLAY'] || process.env['DISPLAY'] || ''} cannot be reached`,
      remedy: 'a terminal of the desktop itself, of the person who is signed in there, can reach it',
    };
  }
  const library = /error while loading shared libraries: ([^\s:]+)/.exec(said)?.[1];
  if (library !== undefined) {
    return {
      reason: `This system has no ${library}, which Electron needs`,
      remedy: 'its package manager has a package with it',
    };
  }
  return undefined;
}

/**
 * In Ubuntu 23.10 and later, AppArmor restricts the user namespaces that the sandbox needs.
 * @param {string} program
 * @param {string} restrictionFile
 * @returns {WindowProblem}
 */
function sandboxProblem(program, restrictionFile) {
  const helper = `'${join(dirname(program), 'chrome-sandbox')}'`;
  const own = `"sudo chown root ${helper} && sudo chmod 4755 ${helper}" allows it for this copy of Electron`;
  return isRestricted(restrictionFile)
    ? {
        reason: 'AppArmor prevents Electron from creating its sandbox on this system',
        remedy: `${own}, "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" for every program until the computer restarts`,
      }
    : { reason: 'This system does not let Electron make its sandbox', remedy: own };
}

/** @param {string} file */
function isRestricted(file) {
  try {
    return readFileSync(file, 'utf8').trim() === '1';
  } catch {
    return false;
  }
}
