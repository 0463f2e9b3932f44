import { expect } from 'vitest';
import { readReply } from '../../src/shared/ipc/ask.ts';
import type { RequestName, RequestParams, RequestResult } from '../../src/shared/ipc/contract.ts';
import type { PreloadApi } from '../../src/shared/ipc/preload-api.ts';
import type { Run, RunState } from '../../src/shared/domain/run.ts';
import type { ElectronApp } from './electron-app.ts';

declare const charloom: PreloadApi;

/** Asks as a page of the desktop application does. */
export async function ask<N extends RequestName>(
  { page }: Pick<ElectronApp, 'page'>,
  name: N,
  params: RequestParams<N>,
): Promise<RequestResult<N>> {
  const reply = await page.evaluate(([key, value]) => charloom.request(String(key), value), [name, params]);
  return readReply(name, reply);
}

/** The first run with a folder, as soon as it is in one of these states. */
export async function runIn(app: Pick<ElectronApp, 'page'>, ...states: readonly RunState[]): Promise<Run> {
  let found: Run | undefined;
  const look = async (): Promise<string | undefined> => {
    found = (await ask(app, 'runs.list', null)).find(({ path }) => path !== '');
    return found?.state;
  };
  await expect.poll(look, { timeout: 20_000 }).toSatisfy((state) => states.includes(state as RunState));
  if (found === undefined) throw new Error('no run');
  return found;
}
