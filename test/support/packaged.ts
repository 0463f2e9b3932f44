import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesAfter, extractAsar } from './asar.ts';
import { onceARun } from './once-a-run.ts';
import { root } from './processes.ts';
import { temporaryFolder } from './texts.ts';

/**
 * By which a packager finds the fuses in Electron's program: a version, their number, then one character each.
 */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const electronFuses = '101100110';

export interface PackagedApp {
  /** The application as a folder, where no package of the project is in reach. */
  readonly folder: string;
  /** The files beside the archive. */
  readonly unpacked: string;
  readonly paths: readonly string[];
  /** The fuses as the packager left them, '1' on and '0' off, in Electron's order. */
  readonly fuses: string;
}

/** The packed application, packed once for all tests of a run; the reason in words where that cannot be done. */
export function packedApplication(): Promise<PackagedApp | string> {
  if (process.platform !== 'linux') return Promise.resolve('only on Linux');
  return onceARun('packed-application', () => Promise.resolve(packApplication()));
}

/**
 * Packs the application as `npm run package -- --dir` does, with electron-builder, around a stand-in for Electron's program.
 * @returns the reason if electron-builder is not available
 */
function packApplication(): PackagedApp | string {
  const place = temporaryFolder('package');
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as {
    readonly version: string;
  };
  const words = ['--linux', 'dir', '--publish', 'never', `-c.electronVersion=${version}`];
  const places = [
    `-c.electronDist=${standIn(place, version)}`,
    `-c.directories.output=${join(place, 'dist')}`,
  ];
  const npx = spawnSync('npx', ['--yes', builder(), ...words, ...places], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  });
  if (npx.status !== 0) {
    const said = npx.stderr + npx.stdout;
    // Without the registry there is no electron-builder; any other failure is a failure.
    if (/npm error|ENOENT|ETIMEDOUT/.test(said + String(npx.error))) return said.slice(-500);
    throw new Error(said);
  }
  const resources = join(place, 'dist/linux-unpacked/resources');
  const folder = join(place, 'installed/app.asar');
  const paths = extractAsar(join(resources, 'app.asar'), folder);
  return {
    folder,
    unpacked: join(resources, 'app.asar.unpacked'),
    paths,
    fuses: fusesOf(join(place, 'dist/linux-unpacked/charloom')),
  };
}

/**
 * The fuses in a packed program, '1' on and '0' off, in Electron's order.
 * @param program a file that holds Electron itself
 */
export function fusesOf(program: string): string {
  return bytesAfter(program, fuseMark, 2 + electronFuses.length)
    .toString('latin1')
    .slice(2);
}

/** The version that `npm run package` takes. */
function builder(): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return /electron-builder@[\d.]+/.exec(scripts['package'] ?? '')?.[0] ?? 'electron-builder';
}

/** As much of Electron as a packager touches. */
function standIn(place: string, version: string): string {
  const folder = join(place, 'electron');
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  const program = ['#!/bin/sh\nexit 1\n', fuseMark, '\u0001', String.fromCharCode(electronFuses.length)];
  writeFileSync(join(folder, 'electron'), [...program, electronFuses, '\n'].join(''), {
    encoding: 'latin1',
    mode: 0o755,
  });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak']) {
    writeFileSync(join(folder, name), '');
  }
  writeFileSync(join(folder, 'version'), version);
  return folder;
}
