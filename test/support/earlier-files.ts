import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { readPlannedRun } from '../../src/node/files/reserved-run.ts';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { openStateFile } from '../../src/main/services/state-file.ts';
import { readMetrics } from '../../src/runs/history.ts';
import { RunQueue } from '../../src/processes/queue.ts';
import { settingsFile } from '../../src/serve/settings-file.ts';
import { TextList } from '../../src/workbench/texts/text-list.ts';
import { readNotes } from '../../src/workbench/runs/notes-store.ts';
import { SettingsKeeper } from '../../src/workbench/settings-keeper.ts';
import { root } from './processes.ts';
import { temporaryFolder } from './texts.ts';

const fixtures = join(root, 'test/fixtures/ba39210');
export const earlierRuns = ['tale-lstm', 'tale-gru', 'tale-rnn', 'tale-after'] as const;

/** Files that commit ba39210 wrote, copied to where they may be changed. */
export class EarlierFiles {
  readonly folder = temporaryFolder('earlier');
  readonly home = join(this.folder, 'home');
  readonly runs = join(this.home, 'runs');
  readonly text = join(this.folder, 'tale.txt');

  constructor() {
    cpSync(fixtures, this.folder, { recursive: true });
    // Paths in the queue lead to where the home was; it is here now.
    this.edit(['home', 'queue.json'], ({ waiting, ...queue }) => ({
      ...queue,
      waiting: (waiting as readonly { readonly folder?: string }[]).map((run) =>
        run.folder === undefined ? run : { ...run, folder: this.run(basename(run.folder)) },
      ),
    }));
  }

  run(name: string): string {
    return join(this.runs, name);
  }

  /** Paths of every checkpoint, those that a run began with among them. */
  get checkpoints(): readonly string[] {
    return readdirSync(this.runs, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.safetensors'))
      .map((name) => join(this.runs, name));
  }

  get settings(): SettingsKeeper {
    return new SettingsKeeper(settingsFile(join(this.home, 'settings.json')));
  }

  /** The desktop application's settings, which electron-store keeps. */
  get desktopSettings(): SettingsKeeper {
    const state = openStateFile(this.folder);
    return new SettingsKeeper({
      path: join(this.folder, 'workbench.json'),
      read: () => state.get('settings'),
      write: (settings) => state.set('settings', { ...settings }),
    });
  }

  /** What is in a file of JSON, by its path below the folder. */
  json(...path: readonly string[]): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.folder, ...path), 'utf8')) as Record<string, unknown>;
  }

  /** Changes a file of JSON as another version of the program might. */
  edit(path: readonly string[], change: (content: Record<string, unknown>) => unknown): void {
    const content = change(this.json(...path));
    writeFileSync(join(this.folder, ...path), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Reads every file with the program's own readers. */
  async openAll() {
    const queue = await RunQueue.open({ home: this.home, runs: this.runs }, (movedTo) => {
      throw new Error(`the queue was moved to ${movedTo}`);
    });
    await queue.close();
    return {
      records: await Promise.all(earlierRuns.map((name) => readRunRecord(this.run(name)))),
      histories: await Promise.all(earlierRuns.map((name) => readMetrics(this.run(name)))),
      checkpoints: await Promise.all(this.checkpoints.map(readCheckpoint)),
      /** The plan of a run that has not started, or how one is to be resumed. */
      waiting: await Promise.all(
        queue.waiting.map(({ id, resume }) => resume ?? readPlannedRun(this.run(id))),
      ),
      settings: this.settings.get(),
      desktopSettings: this.desktopSettings.get(),
      texts: (await TextList.open(this.home)).entries,
      notes: await readNotes(this.run('tale-lstm')),
    };
  }

  /** Names of files that were moved aside. */
  get movedAside(): readonly string[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.includes('damaged'));
  }
}
