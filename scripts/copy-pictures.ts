import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Pictures of the guide, by the name under which the end-to-end tests take them. */
const pictures = {
  home: 'home',
  text: 'text',
  setup: 'setup-simple',
  training: 'training',
  checkpoints: 'checkpoints',
  compare: 'compare',
  write: 'write',
  settings: 'settings',
} as const;

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'docs/guide/images');
mkdirSync(target, { recursive: true });
for (const [name, source] of Object.entries(pictures)) {
  copyFileSync(join(root, 'test/output/screens', `${source}-light-window.png`), join(target, `${name}.png`));
}
console.log(`Copied ${Object.keys(pictures).length} pictures into docs/guide/images.`);
