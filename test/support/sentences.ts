import { readFileSync } from 'node:fs';
import { parse } from 'svelte/compiler';
import ts from 'typescript';

/** A text in a source file that people may read. */
export interface Sentence {
  readonly file: string;
  readonly text: string;
}

/** The texts of a source file: string literals with several words, and the text and attributes of a component's markup. Comments and imports are left out. */
export function sentencesOf(file: string): readonly Sentence[] {
  const source = readFileSync(file, 'utf8');
  const texts = file.endsWith('.svelte') ? componentTexts(source) : scriptTexts(source);
  return texts
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => /\p{L} \p{L}/u.test(text))
    .map((text) => ({ file, text }));
}

function scriptTexts(source: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      const parts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
      texts.push(parts.join(' … '));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('', source, ts.ScriptTarget.Latest));
  return texts;
}

/** The titles of the tests and groups of tests in a file. */
export function titlesOf(file: string): readonly Sentence[] {
  const titles: Sentence[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTestCall(node.expression)) {
      const [title] = node.arguments;
      if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)))
        titles.push(...scriptTexts(title.getText()).map((text) => ({ file, text })));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('', readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return titles;
}

/** `test`, `it`, `describe` and `describeIn...`, also with conditions and tables: `test.skipIf(...)('...')`. */
function isTestCall(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return /^(?:test|it|describe(?:[A-Z]\w*)?)$/.test(callee.text);
  return (
    (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) && isTestCall(callee.expression)
  );
}

function componentTexts(source: string): readonly string[] {
  const { fragment } = parse(source, { modern: true });
  const scripts = [...source.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => script ?? '',
  );
  return [...scripts.flatMap(scriptTexts), ...markupTexts(fragment)];
}

/** Runs of text in one element, with … for what is computed; and the literals within expressions. */
function markupTexts(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(markupTexts);
  if (typeof node !== 'object' || node === null) return [];
  const { type, nodes, value, data } = node as Readonly<Record<string, unknown>>;
  const texts: string[] = [];
  if (type === 'Comment') return [];
  if (Array.isArray(nodes)) texts.push(nodes.map(textOf).join(''));
  if (type === 'Attribute' && Array.isArray(value)) texts.push(value.map(textOf).join(''));
  if (type === 'Text' && typeof data === 'string') return texts;
  if (type === 'Literal' && typeof value === 'string') texts.push(value);
  if (type === 'TemplateElement') texts.push((value as { readonly cooked?: string }).cooked ?? '');
  return [...texts, ...Object.values(node).flatMap(markupTexts)];
}

function textOf(node: unknown): string {
  const { type, data } = node as { readonly type: string; readonly data?: string };
  return type === 'Text' ? (data ?? '') : ' … ';
}
