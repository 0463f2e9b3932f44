import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { newFolders, openWorkbench, type WorkbenchFolders, type WorkbenchPage } from './workbench.ts';

/** A text with a pattern to learn. */
export const story = Array.from(
  { length: 600 },
  (_, i) => `In year ${1500 + (i % 90)} a weaver wove ${i} threads.\n`,
).join('');

/** A run of half a second with eight checkpoints. */
export const quick: RunSettings = {
  ...defaultRunSettings,
  name: 'weaver',
  batchSize: 8,
  sequenceLength: 25,
  trainFraction: 0.8,
  validationFraction: 0.2,
  rnnSize: 16,
  numLayers: 1,
  maxEpochs: 3,
  evaluateEvery: 40,
};

/** Continues until it is stopped. */
export const endless = { maxEpochs: 1000, evaluateEvery: 100_000 } as const;

const restStates = ['finished', 'stopped', 'interrupted', 'failed', 'exploded'];

/** A workbench with the story in it, and what a page does with runs. */
export class RunsOfWorkbench {
  readonly folders: WorkbenchFolders;
  readonly page: WorkbenchPage;
  /** The id of the story. */
  readonly text: string;

  private constructor(folders: WorkbenchFolders, page: WorkbenchPage, text: string) {
    this.folders = folders;
    this.page = page;
    this.text = text;
  }

  static async open(folders = newFolders()): Promise<RunsOfWorkbench> {
    const page = await openWorkbench(folders);
    const path = join(folders.home, 'weaver.txt');
    writeFileSync(path, story);
    return new RunsOfWorkbench(folders, page, (await page.workbench.addTextFile(path)).id);
  }

  /** Closes it and opens it again, as after a restart of the program. */
  async reopen(): Promise<RunsOfWorkbench> {
    await this.page.workbench.dispose();
    return RunsOfWorkbench.open(this.folders);
  }

  /** Puts runs into the queue. */
  async queue(...settings: readonly Partial<RunSettings>[]): Promise<readonly Run[]> {
    return this.page.request('runs.start', {
      requests: settings.map((one) => ({
        text: this.text,
        encoding: null,
        settings: { ...quick, ...one },
        backend: 'wasm',
        threads: 1,
        initializeFrom: null,
      })),
    });
  }

  /** Starts a run; resolves with its id once it has started. */
  async start(settings: Partial<RunSettings> = {}): Promise<string> {
    await this.queue(settings);
    return this.started(settings.name ?? quick.name);
  }

  /** The id of the run of this name, once it has started. */
  async started(name: string): Promise<string> {
    const watch = this.page.open('workbench.watch', null);
    const find = (runs: readonly Run[]): Run | undefined =>
      runs.find(({ spec, settings }) => spec !== null && settings?.name === name);
    let found: Run | undefined;
    await watch.item((item) => {
      if (item.kind === 'run') found = find([item.run]);
      if (item.kind === 'runs') found = find(item.runs);
      return found !== undefined;
    });
    watch.stream.close();
    return found?.id ?? '';
  }

  /** The run once nothing trains it any more. */
  async ended(id: string): Promise<Run> {
    const watch = this.page.open('runs.watch', { run: id });
    const item = await watch.item((one) => one.kind === 'state' && restStates.includes(one.run.state));
    watch.stream.close();
    if (item.kind !== 'state') throw new Error('unreachable');
    return item.run;
  }
}
