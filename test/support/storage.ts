import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './processes.ts';

/** A separate small disk, in memory. */
export interface SmallDisk {
  readonly folder: string;
  resize(bytes: number): void;
  setReadOnly(readOnly: boolean): void;
  unmount(): void;
}

function mount(...words: readonly string[]): boolean {
  return spawnSync('mount', words).status === 0;
}

/** Mounts a small disk; undefined where that is not allowed (it takes root, and a system that lets root mount). */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  const options = `size=${bytes}`;
  if (process.platform !== 'linux' || !mount('-t', 'tmpfs', '-o', options, 'tmpfs', folder)) return undefined;
  const remount = (change: string): void => {
    if (!mount('-o', `remount,${change}`, folder))
      throw new Error(`could not remount ${folder} with ${change}`);
  };
  return {
    folder,
    resize: (size) => remount(`size=${size}`),
    setReadOnly: (readOnly) => remount(readOnly ? 'ro' : 'rw'),
    unmount: () => spawnSync('umount', ['--lazy', folder]),
  };
}

/** Whether a disk can be mounted here. */
export function canMount(folder: string): boolean {
  const disk = mountSmallDisk(folder, 65_536);
  disk?.unmount();
  return disk !== undefined;
}

/**
 * A user bound by permissions: this one, or for root, who may write everywhere, the user "nobody". Undefined if that user may not read this project.
 */
export function ordinaryUser(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65_534, gid: 65_534 };
  const script = `require('node:fs').readFileSync(${JSON.stringify(join(root, 'package.json'))})`;
  return spawnSync(process.execPath, ['-e', script], nobody).status === 0 ? nobody : undefined;
}

/** Makes a folder writable for everyone, or no one. */
export function setWritable(folder: string, writable: boolean): void {
  chmodSync(folder, writable ? 0o777 : 0o555);
}

/** Writes a file until nothing fits on its disk any more. */
export function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let bytes = 1 << 16; bytes > 0;) {
      try {
        writeSync(file, Buffer.alloc(bytes));
      } catch {
        bytes >>= 1;
      }
    }
  } finally {
    closeSync(file);
  }
}
