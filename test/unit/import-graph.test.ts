import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { importRules, type FolderRule } from '../../scripts/import-rules.ts';

const source = resolve(import.meta.dirname, '../../src');

interface Edge {
  readonly file: string;
  readonly specifier: string;
}

/** Every import, export-from and dynamic import of every module under src, found by the TypeScript scanner. */
function importEdges(folder: string): Edge[] {
  return readdirSync(join(source, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) =>
      ts
        .preProcessFile(scriptOf(file), true, true)
        .importedFiles.map(({ fileName }) => ({ file: relative(source, file), specifier: fileName })),
    );
}

/** A Svelte file's imports are in its script blocks. */
function scriptOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.svelte')) return text;
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n');
}

/** Which modules of src each module imports, for values or for types. AssemblyScript names modules without their ending. */
function moduleGraph(): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, string[]>();
  for (const { file, specifier } of importEdges('.')) {
    if (!specifier.startsWith('.')) continue;
    const target = relative(source, resolve(source, file, '..', specifier));
    const module = extname(target) === '' ? `${target}.ts` : target;
    graph.set(file, [...(graph.get(file) ?? []), module]);
  }
  return graph;
}

/** One circle for every import that leads back to a module on the way to it. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const seen = new Set<string>();
  const visit = (module: string, path: readonly string[]): void => {
    const start = path.indexOf(module);
    if (start >= 0) circles.push([...path.slice(start), module]);
    if (seen.has(module)) return;
    seen.add(module);
    for (const next of graph.get(module) ?? []) visit(next, [...path, module]);
  };
  for (const module of graph.keys()) visit(module, []);
  return circles;
}

function isAllowed(folder: string, rule: FolderRule, edge: Edge): boolean {
  const { specifier } = edge;
  if (specifier.startsWith('.')) {
    const target = relative(source, resolve(source, edge.file, '..', specifier)).split(sep)[0];
    return target === folder || (target !== undefined && rule.folders.includes(target));
  }
  if (specifier.startsWith('node:')) return rule.node;
  return rule.packages.some((name) => (name.endsWith('/') ? specifier.startsWith(name) : specifier === name));
}

describe('imports point one way', () => {
  test.each(Object.entries(importRules))('src/%s imports only what it may', (folder, rule) => {
    const wrong = importEdges(folder).filter((edge) => !isAllowed(folder, rule, edge));
    expect(wrong).toEqual([]);
  });

  test('every folder of src has a rule', () => {
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const ruled = [...Object.keys(importRules), 'kernels'];
    expect(folders.map(({ name }) => name).filter((name) => !ruled.includes(name))).toEqual([]);
  });

  test('the rules themselves have no cycle', () => {
    const visit = (folder: string, path: readonly string[]): void => {
      expect(path).not.toContain(folder);
      for (const next of importRules[folder]?.folders ?? []) visit(next, [...path, folder]);
    };
    for (const folder of Object.keys(importRules)) visit(folder, []);
  });

  test('no modules import each other in a circle, not even for their types', () => {
    expect(circlesOf(moduleGraph())).toEqual([]);
  });

  test('the walk sees the imports it claims to check', () => {
    expect(importEdges('main')).toContainEqual({ file: join('main', 'desktop.ts'), specifier: 'electron' });
    const graph = moduleGraph();
    expect(graph.get(join('engine', 'dataset', 'line-ends.ts'))).toContain(
      join('engine', 'dataset', 'survey', 'symbol-count.ts'),
    );
    expect(graph.get(join('kernels', 'assembly', 'muon.ts'))).toContain(
      join('kernels', 'assembly', 'optimizer.ts'),
    );
  });

  test('the search finds a circle, and a module that imports itself', () => {
    const graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['b']],
      ['d', ['d']],
    ]);
    expect(circlesOf(graph)).toEqual([
      ['b', 'c', 'b'],
      ['d', 'd'],
    ]);
  });
});
