import type { ElectronApp } from './electron-app.ts';

/** How a utility process that a test started in the main process went. */
export interface ProbeEnd {
  readonly message: unknown;
  readonly code: number;
  /** Why it ended, from `app`; null if nothing was reported. */
  readonly reason: string | null;
  readonly errors: string;
}

/** Runs a script in a utility process, heard as Charloom hears its own (src/main/services). */
export function probe(app: ElectronApp, script: string): Promise<ProbeEnd> {
  return app.evaluate(
    ({ app: program, utilityProcess }, path) =>
      new Promise<ProbeEnd>((resolve) => {
        const child = utilityProcess.fork(path, [], {
          serviceName: 'charloom-test',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let message: unknown = null;
        let reason: string | null = null;
        let errors = '';
        const stderr = child.stderr;
        const hear = (): unknown => stderr?.on('data', (text: unknown) => (errors += String(text)));
        hear();
        child.on('message', (value: unknown) => (message = value));
        (program as NodeJS.EventEmitter).on(
          'child-process-gone',
          (_event: unknown, details: { readonly name?: string; readonly reason: string }) => {
            if (details.name === 'charloom-test') reason = details.reason;
          },
        );
        child.on('exit', (code: number) => {
          stderr?.pause();
          queueMicrotask(() => {
            hear();
            stderr?.resume();
          });
          setTimeout(() => resolve({ message, code, reason, errors }), 500);
        });
      }),
    script,
  );
}

/** How many compute processes of Charloom live. */
export function countComputeProcesses(app: ElectronApp): Promise<number> {
  return app.evaluate((electron) => {
    const { app: program } = electron as unknown as {
      readonly app: { getAppMetrics?: () => readonly { readonly name?: string }[] };
    };
    if (program.getAppMetrics !== undefined) {
      return program.getAppMetrics().filter(({ name }) => name?.startsWith('charloom-')).length;
    }
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    const children = execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
    return children.filter((line) => Number.parseInt(line, 10) === process.pid && line.includes('compute.js'))
      .length;
  }, null);
}
