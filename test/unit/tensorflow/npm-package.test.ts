import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly hasInstallScript?: boolean; readonly optional?: boolean }>
  >;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));
}

describe('the TensorFlow package and npm', () => {
  const manifest = readJson('package.json') as Manifest;
  const lock = readJson('package-lock.json') as Lock;

  it('is optional, so that its absence never fails an installation', () => {
    expect(manifest.optionalDependencies['@tensorflow/tfjs-node-gpu']).toBe('4.22.0');
  });

  it('runs no script of npm: each script of it and its dependencies is denied', () => {
    const scripted = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript === true && entry.optional === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    const allowed = scripted.filter((name) => manifest.allowScripts[name] !== false && name !== 'fsevents');
    expect(scripted).toContain('@tensorflow/tfjs-node-gpu');
    expect(allowed).toEqual([]);
  });
});
