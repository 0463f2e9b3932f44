import { readFile } from 'node:fs/promises';
import type { PageProgram } from '../../engine/exchange/page/write-page.ts';
import { pageProgramFiles } from './built-files.ts';

/** The built program of pages that write. */
export async function readPageProgram(): Promise<PageProgram> {
  const { script, style } = pageProgramFiles();
  return { script: await readFile(script, 'utf8'), style: await readFile(style, 'utf8') };
}
