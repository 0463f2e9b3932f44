import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { browserTargets } from './scripts/browser-targets.ts';
import { pageHeaders } from './src/shared/page-headers.ts';

/** Several main inputs give stable names: Electron starts `index`, plain Node starts `cli`. They share no chunk that imports electron. */
export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: { index: 'src/main/index.ts', cli: 'src/cli/index.ts', compute: 'src/compute/index.ts' },
      },
    },
  },
  preload: {
    // A sandboxed preload can neither be an ES module nor require anything but Electron: each is one self-contained CommonJS file.
    build: {
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts', graphics: 'src/preload/graphics.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    // While developing, Vite serves the pages: with the policy that its client needs.
    server: { headers: { ...pageHeaders('development') } },
    plugins: [svelte()],
    // Small and quick to parse: the first paint waits for it. The map stays beside it for whoever looks into a report.
    // The browser host serves the same files, so they must not be built for Electron's Chromium alone.
    build: { minify: true, sourcemap: true, target: 'es2024', cssTarget: browserTargets },
  },
});
