import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from './processes.ts';

/** What a session of the real program leaves for reading a failure on another machine: `test/output/electron/<time>-<process>-<number>`. */
const evidence = join(root, 'test/output/electron');
let sessions = 0;

/**
 * Keeps what is needed to understand a failure: screenshots, output, log, and crash dumps.
 * @param home the folder of this session: Electron's user data are in `userData`, Charloom's own in `charloom`
 */
export async function keepEvidence(home: string, page: Page, errors: string): Promise<void> {
  const moment = new Date().toISOString().replace(/\D/g, '').slice(8, 14);
  const place = join(evidence, `${moment}-${process.pid}-${++sessions}`);
  mkdirSync(place, { recursive: true });
  if (!page.isClosed()) {
    await page.screenshot({ path: join(place, 'window.png'), timeout: 5000 }).catch(() => undefined);
  }
  writeFileSync(join(place, 'stderr.txt'), errors);
  for (const path of ['userData/log.txt', 'userData/Crashpad', 'charloom/queue.json']) {
    const source = join(home, path);
    if (existsSync(source)) cpSync(source, join(place, basename(path)), { recursive: true });
  }
}
