import { defineConfig } from 'vite';

/** The page of the desktop application's hidden window (src/graphics): two files, in a folder that nothing else is served from. */
export default defineConfig({
  root: 'src/graphics',
  base: './',
  build: {
    outDir: '../../out/graphics',
    emptyOutDir: true,
    // What Electron's Chromium speaks.
    target: 'chrome152',
    modulePreload: false,
    rolldownOptions: { output: { entryFileNames: 'graphics.js', codeSplitting: false } },
  },
});
