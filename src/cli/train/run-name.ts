import { basename, extname } from 'node:path';
import { defaultRunSettings, runSettings } from '../../shared/domain/run-settings.ts';

/** A run's name from its text's file name: `My novel (3rd draft).txt` gives "My novel 3rd draft"; what no name may hold is left out. */
export function runNameFor(textPath: string): string {
  const stem = basename(textPath, extname(textPath)).normalize('NFC');
  const name = stem
    .replace(/[^\p{L}\p{N} ._'’-]+/gu, '')
    .replace(/^[ ._'’-]+/u, '')
    .slice(0, 60)
    .trim();
  return runSettings.name.pattern.test(name) ? name : defaultRunSettings.name;
}
