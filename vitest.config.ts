import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Stores of the pages are tested as they are: runes in .svelte.ts files need the compiler.
  plugins: [svelte()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-root.ts', 'test/support/engine-notice.ts'],
    // Integration tests start processes that train with several threads: a file for every two cores, and two on a small machine, where many tests wait.
    maxWorkers: Math.min(4, Math.max(2, Math.floor(availableParallelism() / 2))),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A machine that does other things besides is slow, not wrong.
    expect: { poll: { timeout: 10_000 } },
    // Importing electron without its binary tries a download; the override makes it answer at once.
    env: { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
  },
});
