import { linkSync, mkdirSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { webgpuRelease } from '../../src/node/webgpu/installation/release.ts';

/** Puts Dawn into a home of Charloom's, as its installer does. */
export function placeDawn(dawn: string, home: string): void {
  const folder = join(home, 'engines', 'webgpu-test');
  mkdirSync(folder, { recursive: true });
  const { platform, arch } = process;
  const { version } = webgpuRelease;
  const manifest = { formatVersion: 1, name: 'webgpu', version, way: 'file', platform, arch, bytes: 1 };
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(manifest));
  const place = join(folder, 'dawn.node');
  try {
    linkSync(dawn, place);
  } catch {
    // On another disk.
    copyFileSync(dawn, place);
  }
}
