import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { onceARun } from './once-a-run.ts';

/** SwiftShader computes what a graphics card would on the processor: Vulkan's loader, the driver, and the file that names it. */
const files = ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'];

/** A dynamic library stays loaded though Node finds no addon in it: dlopen's RTLD_NODELETE, which Node has no name for. */
const keepLoaded = 0x1000;

/** Whether there is a SwiftShader for this system: the npm package that Chromium comes from carries one for Linux on x64. */
export const hasSwiftshader = process.platform === 'linux' && process.arch === 'x64';

/** Unpacks it, once for all test files of a run; the folder. */
export function unpackSwiftshader(): Promise<string> {
  return onceARun('swiftshader', () => {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const packed = readFileSync(join(dirname(entry), '..', 'bin', 'swiftshader.tar.br'));
    const folder = join(tmpdir(), 'swiftshader');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-x', '-C', folder, ...files], { input: brotliDecompressSync(packed) });
    return Promise.resolve(folder);
  });
}

/** What a process that is to compute on SwiftShader needs in its environment from its start on. */
export async function swiftshaderEnvironment(): Promise<Readonly<Record<string, string>>> {
  const folder = await unpackSwiftshader();
  return {
    LD_LIBRARY_PATH: folder,
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    CHARLOOM_SOFTWARE_GPU: '1',
  };
}

/**
 * Lets this very process compute on it. LD_LIBRARY_PATH would come too late for a process that runs already; but the system opens no library of a name
 * that is loaded, so Vulkan's loader is loaded from its own path before anybody asks for it.
 */
export async function useSwiftshader(): Promise<void> {
  const folder = await unpackSwiftshader();
  process.env['VK_ICD_FILENAMES'] = join(folder, 'vk_swiftshader_icd.json');
  try {
    process.dlopen({ exports: {} }, join(folder, 'libvulkan.so.1'), constants.dlopen.RTLD_NOW | keepLoaded);
  } catch (error) {
    // It is no addon, and Node says so after it is loaded.
    if (!String(error).includes('did not self-register')) throw error;
  }
}
