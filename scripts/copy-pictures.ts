import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Pictures of the guide; test/e2e/journey.test.ts, test/e2e/lesson.test.ts and test/e2e/sweeps.test.ts produce them. */
const pictures = [
  'home',
  'text',
  'setup',
  'training',
  'checkpoints',
  'compare',
  'write',
  'settings',
  'inside',
  'inside-tracks',
  'inside-turn',
  'sweep',
] as const;

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'docs/guide/images');
mkdirSync(target, { recursive: true });
for (const name of pictures) {
  copyFileSync(join(root, 'test/output/screens', `guide-${name}.png`), join(target, `${name}.png`));
}
console.log(`Copied ${pictures.length} pictures into docs/guide/images.`);
