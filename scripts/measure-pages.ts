import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WorkbenchWindow } from '../test/support/workbench-page.ts';

/** Loads the built pages several times in a new tab and prints the time to the first paint, and their size. `npm run bench:pages`. */
const loads = 9;
const root = resolve(import.meta.dirname, '..');

const opened = await WorkbenchWindow.open();
const paints: number[] = [];
for (let load = 0; load < loads; load++) {
  await opened.page.reload();
  await opened.page.getByRole('navigation', { name: 'Main' }).waitFor();
  const paint = await opened.page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN",
  );
  paints.push(paint);
}
await opened.close();
const sorted = paints.toSorted((a, b) => a - b);
console.log(
  `first contentful paint: median ${Math.round(sorted[loads >> 1] ?? NaN)} ms, slowest ${Math.round(sorted.at(-1) ?? NaN)} ms`,
);

const assets = join(root, 'out/renderer/assets');
for (const name of readdirSync(assets).filter((file) => !file.endsWith('.map'))) {
  const path = join(assets, name);
  console.log(`${name}: ${statSync(path).size} bytes, ${gzipSync(readFileSync(path)).length} compressed`);
}
