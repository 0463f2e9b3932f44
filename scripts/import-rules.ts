/**
 * Which folder may import which. Dependencies go one way: shared <- engine <- node <- runs <- processes <- workbench <- serve, main (compute above runs; cli
 * above serve). The renderer and main meet only in src/shared. Lint reports a wrong import in the editor; test/unit/import-graph.test.ts checks the real graph.
 */
export interface FolderRule {
  /** Other folders of src whose files may be imported (a folder may always import itself). */
  readonly folders: readonly string[];
  /** npm packages; a name ending in `/` allows everything below it. */
  readonly packages: readonly string[];
  /** Whether Node's own modules may be imported. */
  readonly node: boolean;
}

export const importRules: Readonly<Record<string, FolderRule>> = {
  shared: { folders: [], packages: ['zod'], node: false },
  engine: {
    folders: ['shared'],
    packages: [
      'zod',
      'chardet',
      'iconv-lite',
      // src/engine/documents
      'yauzl',
      'saxes',
      'htmlparser2',
      'papaparse',
      'word-extractor',
      'pdfjs-dist',
      'pdfjs-dist/',
    ],
    node: false,
  },
  node: { folders: ['engine', 'shared'], packages: ['zod', 'env-paths', 'yauzl'], node: true },
  runs: { folders: ['node', 'engine', 'shared'], packages: ['zod'], node: true },
  processes: { folders: ['runs', 'node', 'engine', 'shared'], packages: ['zod'], node: true },
  compute: { folders: ['runs', 'node', 'engine', 'shared'], packages: ['zod'], node: true },
  workbench: { folders: ['processes', 'runs', 'node', 'engine', 'shared'], packages: ['zod'], node: true },
  cli: {
    folders: ['serve', 'processes', 'runs', 'node', 'engine', 'shared'],
    packages: ['zod', 'commander'],
    node: true,
  },
  serve: {
    folders: ['workbench', 'processes', 'runs', 'node', 'shared'],
    packages: ['zod', 'ws', 'open'],
    node: true,
  },
  main: {
    folders: ['workbench', 'processes', 'runs', 'node', 'shared'],
    packages: ['zod', 'electron', 'electron-store'],
    node: true,
  },
  graphics: { folders: ['engine', 'shared'], packages: ['zod'], node: false },
  page: { folders: ['engine', 'shared'], packages: [], node: false },
  preload: { folders: ['shared'], packages: ['electron'], node: false },
  renderer: {
    folders: ['shared'],
    packages: ['zod', 'svelte', 'svelte/', 'chart.js', 'chart.js/', 'chartjs-plugin-zoom'],
    node: false,
  },
};

/** Describes what a folder may import, for lint messages. */
function summarise(rule: FolderRule): string {
  const parts = [...rule.folders.map((folder) => `src/${folder}`), ...rule.packages];
  if (rule.node) parts.push('node:*');
  return parts.join(', ') || 'nothing';
}

/** A regular expression over import specifiers that matches what the folder must NOT import. */
function forbidden(rule: FolderRule): RegExp {
  const siblings = Object.keys(importRules).filter((name) => !rule.folders.includes(name));
  const wrongFolder = `^(\\.\\./)+(${siblings.join('|')})/`;
  const packages = rule.packages.map((name) => (name.endsWith('/') ? `${name}.*` : `${name}$`));
  const allowed = ['\\.', ...(rule.node ? ['node:'] : []), ...packages].join('|');
  return new RegExp(`${wrongFolder}|^(?!${allowed})`);
}

export const folderRules = Object.fromEntries(
  Object.entries(importRules).map(([folder, rule]) => [
    folder,
    { summary: summarise(rule), forbiddenSpecifiers: forbidden(rule) },
  ]),
);
