import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Marked } from 'marked';

// Writes the guide, and the documents it links to, as pages that every browser shows: few computers have a Markdown viewer. Part of the build.

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'docs/guide');
const target = join(root, 'out/guide');

const style = `body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; color: #1d2129; background: #fff }
img { max-width: 100%; border: 1px solid #d0d4dc; border-radius: 6px }
table { border-collapse: collapse } th, td { padding: .3rem .8rem; border: 1px solid #d0d4dc; text-align: left; vertical-align: top }
pre { padding: .8rem; overflow-x: auto; background: #f2f4f7; border-radius: 6px } code { font-size: .95em }
a { color: #1f5fbf }
@media (prefers-color-scheme: dark) { body { color: #e4e7ec; background: #16181d } pre { background: #22262e } a { color: #8ab4f8 } th, td, img { border-color: #3a404b } }`;

/** The guide's own pages, and the other documents that they link to. */
function collectPages(): readonly string[] {
  const own = readdirSync(source)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(source, name));
  const linked = own.flatMap((page) =>
    Array.from(readFileSync(page, 'utf8').matchAll(/\]\((\.\.\/[^)#]+\.md)/g), ([, path = '']) =>
      resolve(dirname(page), path),
    ),
  );
  return [...new Set([...own, ...linked])];
}

function pageName(path: string): string {
  const name = basename(path, '.md');
  return name === 'README' ? 'index.html' : `${name}.html`;
}

function render(path: string, pages: ReadonlySet<string>): string {
  const marked = new Marked({
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        if (/^(https:|#)/.test(href)) return `<a href="${href}">${text}</a>`;
        const [file = '', place] = href.split('#');
        const page = resolve(dirname(path), file);
        // Some link to sources, which are not available where the guide is read.
        if (!pages.has(page)) return text;
        return `<a href="${pageName(page)}${place === undefined ? '' : `#${place}`}">${text}</a>`;
      },
    },
  });
  const text = readFileSync(path, 'utf8');
  const title = /^# (.*)$/m.exec(text)?.[1] ?? 'Charloom';
  const body = marked.parse(text, { async: false });
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style>`;
  return `<!doctype html>\n<html lang="en"><head>${head}</head>\n<body>\n${body}</body></html>\n`;
}

const pages = collectPages();
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(source, 'images'), join(target, 'images'), { recursive: true });
for (const page of pages) writeFileSync(join(target, pageName(page)), render(page, new Set(pages)));
