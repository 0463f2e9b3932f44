import { enginesFolder } from '../node/engines/engines-folder.ts';
import { makeFolder } from '../node/files/make-folder.ts';
import { runPaths } from '../node/files/run-folder.ts';
import type { RequestHandlers, StreamHandlers } from '../shared/ipc/contract.ts';
import type { FolderKey } from '../shared/domain/app.ts';
import { charloomVersion } from '../shared/version.ts';
import type { WorkbenchContext } from './context.ts';
import { containedFile } from './storage/contained.ts';
import { usableCores } from '../node/threads.ts';

type Names = Extract<keyof RequestHandlers, `app.${string}` | `settings.${string}` | 'runs.reveal'>;

export function appHandlers({ options, library }: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { host, settings, homeFolder, runsFolder } = options;
  const folders: Readonly<Record<FolderKey, string>> = {
    runs: runsFolder,
    home: homeFolder,
    engines: enginesFolder(),
  };
  return {
    'app.info': () => ({
      version: charloomVersion,
      platform: process.platform,
      cores: usableCores(),
      runsFolder,
      homeFolder,
      enginesFolder: folders.engines,
      ...host.info,
    }),
    'app.openLink': async ({ link }) => {
      await host.openLink(link);
      return null;
    },
    'app.openFolder': async ({ folder }) => {
      const path = folders[folder];
      // The folder may not exist yet.
      await makeFolder(path);
      await host.openFolder(path);
      return null;
    },
    'settings.get': () => settings.get(),
    'settings.change': (changes) => settings.change(changes),
    'runs.reveal': async ({ run, file }) => {
      const folder = library.folder(run);
      const path =
        file === null ? folder : await containedFile(runPaths(folder).checkpoints, file, 'The checkpoint');
      await host.reveal(path);
      return null;
    },
  };
}

/** Reports every change until the page disconnects. */
export function appStreams(context: WorkbenchContext): Pick<StreamHandlers, 'workbench.watch'> {
  const { options, changes, notices } = context;
  return {
    'workbench.watch': async (_params, side) => {
      side.push({ kind: 'settings', settings: options.settings.get() });
      const stops = [options.settings.onChange((settings) => side.push({ kind: 'settings', settings }))];
      try {
        stops.push(await changes.watch((change) => side.push(change)));
        // A page that has disconnected meanwhile must not consume the messages that are kept for the next one.
        if (side.signal.aborted) return;
        stops.push(notices.listen((announcement) => side.push(announcement)));
        await new Promise((resolve) => side.signal.addEventListener('abort', resolve, { once: true }));
      } finally {
        for (const stop of stops) stop();
      }
    },
  };
}
