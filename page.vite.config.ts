import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { browserTargets } from './scripts/browser-targets.ts';

/** What makes schemas (src/page/no-schemas.ts). */
const schemas = [
  'z',
  'tableSchema',
  'storedTableSchema',
  'changesSchema',
  'storedChangesSchema',
  'tableDefaults',
  'tableKeys',
];

/**
 * The program of pages that write (src/page): one script and one style, which Charloom puts into every page that it writes. Such a page is opened
 * from a file, so the script is no module.
 */
export default defineConfig({
  publicDir: false,
  resolve: { alias: { zod: resolve(import.meta.dirname, 'src/page/no-schemas.ts') } },
  build: {
    outDir: 'out/page',
    emptyOutDir: true,
    lib: {
      entry: 'src/page/main.ts',
      formats: ['iife'],
      name: 'charloomPage',
      fileName: () => 'page.js',
      cssFileName: 'page',
    },
    target: browserTargets,
    cssTarget: browserTargets,
    minify: true,
    rolldownOptions: { treeshake: { manualPureFunctions: schemas } },
  },
});
