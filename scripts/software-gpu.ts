/**
 * Unpacks SwiftShader, a software renderer: the npm package with Chromium includes it for Linux on x64. `node scripts/software-gpu.ts FOLDER` prints
 * the environment in which Charloom treats it as a graphics card, for `env $(...)`: enough for tests on machines without one.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** Vulkan's loader, the driver, and the file that names it. */
const files = ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'];

/** Unpacks it into a folder. */
export function unpackSwiftshader(folder: string): void {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packed = readFileSync(join(dirname(entry), '..', 'bin', 'swiftshader.tar.br'));
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder, ...files], { input: brotliDecompressSync(packed) });
}

/** The environment that a process needs from its start to compute on it. */
export function softwareEnvironment(folder: string): Readonly<Record<string, string>> {
  return {
    LD_LIBRARY_PATH: folder,
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    CHARLOOM_SOFTWARE_GPU: '1',
  };
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? 'swiftshader');
  if (process.platform === 'linux' && process.arch === 'x64') {
    unpackSwiftshader(folder);
    const words = Object.entries(softwareEnvironment(folder)).map(([name, value]) => `${name}=${value}`);
    process.stdout.write(`${words.join(' ')}\n`);
  } else process.stderr.write('There is no SwiftShader for this system.\n');
}
