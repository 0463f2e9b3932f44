import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { softwareEnvironment, unpackSwiftshader as unpack } from '../../scripts/software-gpu.ts';
import { onceARun } from './once-a-run.ts';

/** A dynamic library stays loaded though Node finds no addon in it: dlopen's RTLD_NODELETE, which Node has no name for. */
const keepLoaded = 0x1000;

/** Whether there is a SwiftShader for this system: the npm package with Chromium includes one for Linux on x64. */
export const hasSwiftshader = process.platform === 'linux' && process.arch === 'x64';

/** Unpacks it, once for all test files of a run; the folder. */
export function unpackSwiftshader(): Promise<string> {
  return onceARun('swiftshader', () => {
    const folder = join(tmpdir(), 'swiftshader');
    unpack(folder);
    return Promise.resolve(folder);
  });
}

/** What a process that is to compute on SwiftShader needs in its environment from its start on. */
export async function swiftshaderEnvironment(): Promise<Readonly<Record<string, string>>> {
  return softwareEnvironment(await unpackSwiftshader());
}

/**
 * Lets this process compute on it. LD_LIBRARY_PATH would be too late for a running process; but the system does not load a second library of the same
 * name, so Vulkan's loader is loaded from its own path first.
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
