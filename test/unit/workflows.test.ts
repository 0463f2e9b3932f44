import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Workflows run elsewhere: what they call must at least be here. What they mean is checked by scripts/check-workflows.sh. */
describe.each(readdirSync(folder))('the workflow %s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const find = (pattern: RegExp): readonly string[] =>
    [...text.matchAll(pattern)].map(([, found = '']) => found);

  test('calls scripts and tests that exist', () => {
    const paths = find(/(?:node|bash|vitest run) ((?:scripts|test|node_modules)\/[\w./-]+)/g);
    expect(paths.length).toBeGreaterThan(1);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('runs scripts that package.json has', () => {
    const names = find(/npm run ([\w:]+)/g);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((one) => scripts[one] === undefined)).toEqual([]);
    expect(find(/vitest run (test\S+)/g).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test('what runs on the real Electron exists', () => {
  const paths = scripts['test:electron']?.split(' ').filter((word) => word.startsWith('test/')) ?? [];
  expect(paths.length).toBeGreaterThan(1);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
