import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = globSync('{*.md,{docs,src,test,scripts}/**/*.md}', { cwd: root }).filter(
  (path) => !path.includes('node_modules'),
);

/** The address of a heading, as the pages of a repository make it. */
function anchorOf(heading: string): string {
  return heading
    .replace(/`/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');
}

function anchorsOf(path: string): readonly string[] {
  return [...read(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

describe('documents of the repository', () => {
  test.each(documents)('%s links only to existing files and headings', (path) => {
    const prose = read(path).replace(/```[\s\S]*?```/g, '');
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const dead = targets.filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? path : join(dirname(path), decodeURIComponent(file));
      if (!existsSync(join(root, full))) return true;
      return anchor !== undefined && full.endsWith('.md') && !anchorsOf(full).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test('CONTRIBUTING.md names files, folders and scripts that exist', () => {
    const text = read('CONTRIBUTING.md');
    const paths = [...text.matchAll(/`((?:src|scripts|test|docs|\.ci)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const { scripts } = JSON.parse(read('package.json')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('issue forms', () => {
  const doctor = read('src/renderer/views/settings/Doctor.svelte');
  const inPage = (words: string): boolean => doctor.includes(words);

  test.each(['problem', 'measurement'])('%s asks for the report, by the names that the page has', (name) => {
    const form = read(`.github/ISSUE_TEMPLATE/${name}.yml`);
    const field = /id: report\n([\s\S]*?)(?=\n {2}- type|$)/.exec(form)?.[1] ?? '';
    const names = [...field.matchAll(/“([^”]+)”/g)].map(([, words = '']) => words);
    expect(names).toEqual(['Report about this computer', 'Create report', 'Copy']);
    expect(names.filter((words) => !inPage(words))).toEqual([]);
    expect(field).toContain('required: true');
    expect(existsSync(join(root, 'src/cli/commands/doctor.ts'))).toBe(true);
  });
});

describe('dependencies', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    read('package.json'),
  ) as Readonly<
    Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Readonly<Record<string, string>>>
  >;
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };

  test('are exact versions, the same in the lock file', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
    };
    for (const [name, version] of Object.entries(all)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      const locked = packages[`node_modules/${name}`];
      expect([name, locked?.version, typeof locked?.integrity]).toEqual([name, version, 'string']);
    }
  });

  test('that have rules of their own for updates are there', () => {
    const rules = [...read('.github/dependabot.yml').matchAll(/dependency-name: '?([^'\n]+)'?/g)];
    const names = [...rules.map(([, name = '']) => name), 'electron'];
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => all[name] === undefined)).toEqual([]);
  });
});
