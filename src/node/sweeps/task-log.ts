import { openPlain } from '../files/plain-file.ts';

/** How much of the end of a log is read. */
const tailBytes = 4096;
const maxCharacters = 400;
/** What the command line's own errors begin with; their fix is on a line of its own. */
const ownError = /^charloom: /;

/** The end of what a task's jobs have printed: Charloom's own error if there is one, otherwise the last line. Null for an empty or missing log. */
export async function lastWords(path: string): Promise<string | null> {
  const lines = (await tailOf(path).catch(() => ''))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-3);
  const own = lines.findIndex((line) => ownError.test(line));
  const words = (own === -1 ? lines.slice(-1) : lines.slice(own)).join(' ').replace(ownError, '');
  return words === '' ? null : words.slice(0, maxCharacters);
}

async function tailOf(path: string): Promise<string> {
  const file = await openPlain(path);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    const { bytesRead } = await file.read(tail, 0, tail.length, size - tail.length);
    return tail.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
