import { expect } from 'vitest';
import { readReply } from '../../src/shared/ipc/answer.ts';
import type { BackendKind } from '../../src/shared/domain/backends.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { RequestName, RequestParams, RequestResult } from '../../src/shared/ipc/contract.ts';
import type { PreloadApi } from '../../src/shared/ipc/preload-api.ts';
import type { RunState } from '../../src/shared/domain/run-state.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import type { ElectronApp } from './electron-app.ts';

/** A window of the desktop application, however it was started. */
export type AppWindow = Pick<ElectronApp, 'page'>;

declare const charloom: PreloadApi;

/** Asks as a page of the desktop application does. */
export async function ask<N extends RequestName>(
  { page }: AppWindow,
  name: N,
  params: RequestParams<N>,
): Promise<RequestResult<N>> {
  const reply = await page.evaluate(([key, value]) => charloom.request(String(key), value), [name, params]);
  return readReply(name, reply);
}

/** The first run that has started, as soon as it is in one of these states. */
export async function runIn(app: AppWindow, ...states: readonly RunState[]): Promise<Run> {
  let found: Run | undefined;
  const look = async (): Promise<string | undefined> => {
    found = (await ask(app, 'runs.list', null)).find(({ spec }) => spec !== null);
    return found?.state;
  };
  await expect.poll(look, { timeout: 20_000 }).toSatisfy((state) => states.includes(state as RunState));
  if (found === undefined) throw new Error('no run');
  return found;
}

/** The id of this text, once it was taken in. */
export async function textAt(app: AppWindow, path: string): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await ask(app, 'texts.list', null)).find((text) => text.path === path)?.id;
  await expect.poll(find).toBeTypeOf('string');
  return (await find()) ?? '';
}

/** Puts a run into the queue that computes with the embedded backend, or another. */
export async function startRun(
  app: AppWindow,
  text: string,
  settings: RunSettings,
  { threads = 1, backend = 'wasm' }: { readonly threads?: number; readonly backend?: BackendKind } = {},
): Promise<void> {
  const common = { encoding: null, backend, threads, initializeFrom: null };
  await ask(app, 'runs.start', { requests: [{ text, settings, ...common }] });
}

/** The run of this name, as soon as it has a folder and is in this state. */
export async function runNamed(app: AppWindow, name: string, state: RunState): Promise<Run> {
  let found: Run | undefined;
  const look = async (): Promise<RunState | undefined> => {
    found = (await ask(app, 'runs.list', null)).find((run) => run.name === name && run.path !== '');
    return found?.state;
  };
  await expect.poll(look, { timeout: 60_000, message: name }).toBe(state);
  if (found === undefined) throw new Error(`no run ${name}`);
  return found;
}
