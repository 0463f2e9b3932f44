import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '../../src');

/** What decodes and counts a text. Texts are untrusted, and a large one would block a window: only compute processes and the command line do it. */
const readers = [
  'text-file.ts',
  'text-reading.ts',
  'text-inspection.ts',
  'count-text.ts',
  'corpus-queries.ts',
];
/** Folders whose code runs in the process that has windows or serves pages. */
const hosts = ['workbench', 'processes', 'serve', 'main'];

/** Modules of src that a module loads when it runs: imports of types alone load nothing. */
function loadedBy(file: string): readonly string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !isOfTypes(node.importClause))
      found.push(textOf(node.moduleSpecifier));
    if (ts.isExportDeclaration(node) && !node.isTypeOnly && node.moduleSpecifier)
      found.push(textOf(node.moduleSpecifier));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      found.push(textOf(node.arguments[0]));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found.filter((name) => name.startsWith('.')).map((name) => resolve(dirname(file), name));
}

function isOfTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return clause.name === undefined && named !== undefined && ts.isNamedImports(named)
    ? named.elements.every(({ isTypeOnly }) => isTypeOnly)
    : false;
}

function textOf(node: ts.Expression | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : '';
}

/** Everything that a folder loads, each with what loads it first. */
function reachableFrom(folder: string): ReadonlyMap<string, string> {
  const from = new Map<string, string>();
  const open = readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(source, folder, name));
  for (const file of open) from.set(file, '');
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const next of loadedBy(file)) {
      if (from.has(next) || !existsSync(next)) continue;
      from.set(next, file);
      open.push(next);
    }
  }
  return from;
}

function wayTo(target: string, from: ReadonlyMap<string, string>): string {
  const way = [];
  for (let file: string | undefined = target; file; file = from.get(file)) way.push(relative(source, file));
  return way.toReversed().join(' -> ');
}

describe('texts are read in compute processes', () => {
  test.each(hosts)('nothing that src/%s loads reads one', (folder) => {
    const from = reachableFrom(folder);
    const wrong = readers.map((name) => join(source, 'node/texts', name)).filter((file) => from.has(file));
    expect(wrong.map((file) => wayTo(file, from))).toEqual([]);
  });

  test('compute processes load what reads them, so the walk finds it', () => {
    const from = reachableFrom('compute');
    expect(readers.filter((name) => !from.has(join(source, 'node/texts', name)))).toEqual([
      'text-inspection.ts',
    ]);
  });
});
