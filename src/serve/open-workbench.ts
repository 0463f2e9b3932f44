import { join } from 'node:path';
import { homeFolder } from '../node/files/data-folders.ts';
import { DawnGraphics } from '../processes/dawn-graphics.ts';
import { nodeFork } from '../processes/node-fork.ts';
import { CharloomError } from '../shared/errors.ts';
import { links } from '../shared/links.ts';
import { SettingsKeeper } from '../workbench/settings-keeper.ts';
import { createWorkbench } from '../workbench/workbench.ts';
import type { HostAbilities, Workbench } from '../workbench/workbench-types.ts';
import { computeEntry, guideFile } from '../node/files/built-files.ts';
import { hasDisplay, openPage } from './open-page.ts';
import { settingsFile } from './settings-file.ts';

export interface BrowserWorkbenchOptions {
  readonly runsFolder: string;
  readonly onDefect: (error: unknown) => void;
}

/** The workbench for the browser host: settings in a file, compute processes as children of this one, no dialogs. */
export function openWorkbench(options: BrowserWorkbenchOptions): Promise<Workbench> {
  const home = homeFolder();
  const fork = nodeFork(computeEntry());
  return createWorkbench({
    ...options,
    homeFolder: home,
    fork,
    graphics: new DawnGraphics(fork),
    settings: new SettingsKeeper(settingsFile(join(home, 'settings.json'))),
    host: abilities,
  });
}

function refuseToShow(path: string): Promise<never> {
  return Promise.reject(
    new CharloomError('usage', 'A browser cannot open a folder.', { fix: `It is at ${path}.` }),
  );
}

/** The user may be at another machine: nothing is opened on this one unless it has a display. */
const abilities: HostAbilities = {
  info: { host: 'browser', canReveal: false, canChooseFiles: false },
  chooseTexts: () => Promise.resolve([]),
  reveal: refuseToShow,
  openFolder: refuseToShow,
  openLink: async (link) => {
    const address = link === 'guide' ? guideFile() : links[link];
    if (hasDisplay() && (await openPage(address))) return;
    throw new CharloomError('usage', 'This link cannot be opened.', {
      fix: `Open ${address} yourself.`,
    });
  },
};
