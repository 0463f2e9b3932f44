import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

export interface SavedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** The file that a browser saves into a folder because of what is done. While it is being written, an empty one or one of another name is there. */
export async function savedFile(folder: string, act: () => Promise<void>): Promise<SavedFile> {
  const before = new Set(readdirSync(folder));
  await act();
  return until(
    'a file is saved',
    () => {
      const [name, ...others] = readdirSync(folder).filter((file) => !before.has(file));
      if (name === undefined || others.length > 0 || name.endsWith('.part')) return undefined;
      const content = readFileSync(join(folder, name));
      return content.length === 0 ? undefined : { name, content };
    },
    20_000,
  );
}
