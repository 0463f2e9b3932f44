import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Signals that end or steer a run; a launcher that did not pass them on would lose the user's work. */
/** @type {readonly NodeJS.Signals[]} */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/**
 * Runs a script under another Node as if it were this process: same terminal, same signals, same exit status.
 *
 * In a terminal Ctrl-C reaches both processes, and the script a second time from here; the command line treats signals that arrive together as one
 * key press (src/node/interrupts.ts), as it must for `npx`, which also repeats them. The IPC channel carries no messages: it closes when this
 * process is killed, and the script ends with it.
 * @param {string} node
 * @param {readonly string[]} scriptAndArguments
 */
export function launch(node, scriptAndArguments) {
  const child = spawn(node, scriptAndArguments, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // The script's path determines how suggested commands begin (src/cli/suggested-command.ts).
    env: { ...process.env, CHARLOOM_LAUNCHED: process.argv[1] ?? 'charloom' },
  });
  // On Windows kill() ends a process immediately, and the console sends Ctrl-C to every process anyway.
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    if (process.platform !== 'win32') child.kill(signal);
  };
  const signals = passedOn.filter((signal) => signal in constants.signals);
  for (const signal of signals) process.on(signal, passOn);
  child.on('error', (error) => {
    process.stderr.write(`charloom: ${node} could not be started: ${error.message}\n`);
    process.exitCode = 70;
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, passOn);
    if (signal === null) process.exitCode = code ?? 70;
    else if (process.platform === 'win32') process.exitCode = 128 + constants.signals[signal];
    else process.kill(process.pid, signal);
  });
}
