import { startBrowserHost, type BrowserHost } from './browser-host.ts';
import { pagesFolder } from '../node/files/built-files.ts';
import { openWorkbench, type BrowserWorkbenchOptions } from './open-workbench.ts';

export interface ServeOptions extends BrowserWorkbenchOptions {
  readonly host: string;
  readonly port: number;
}

/** A workbench that browsers can reach. */
export interface ServedWorkbench extends Pick<BrowserHost, 'addressWithToken' | 'isExposed'> {
  readonly isTraining: boolean;
  /** Saves and stops whatever is training, then ends every process and connection. */
  end(): Promise<void>;
}

/** Opens the workbench on the user's folders and serves it. */
export async function serveWorkbench(options: ServeOptions): Promise<ServedWorkbench> {
  const { host: name, port, onDefect } = options;
  const workbench = await openWorkbench(options);
  // Unexpected errors are reported; a run may have been training for days and continues.
  process.on('unhandledRejection', onDefect);
  try {
    const host = await startBrowserHost({ workbench, pages: pagesFolder(), host: name, port, onDefect });
    return {
      addressWithToken: host.addressWithToken,
      isExposed: host.isExposed,
      get isTraining() {
        return workbench.isTraining;
      },
      end: async () => {
        // The pages stay connected until everything is saved, so that they show it.
        try {
          await workbench.stopAll();
        } finally {
          await host.close();
          await workbench.dispose();
          process.off('unhandledRejection', onDefect);
        }
      },
    };
  } catch (error) {
    process.off('unhandledRejection', onDefect);
    await workbench.dispose();
    throw error;
  }
}
