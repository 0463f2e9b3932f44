import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, startNode, type Finished } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

const run = (...words: readonly string[]): Promise<Finished> =>
  startNode([join(root, 'scripts/release-files.ts'), ...words]).finished;
const hasGpg = process.platform !== 'win32' && spawnSync('gpg', ['--version']).status === 0;
const hasSha256sum = spawnSync('sha256sum', ['--version']).status === 0;

/** Packages that a folder's sources import, with what belongs to Node and to this project left out. */
function importedBy(folder: string): readonly string[] {
  const names = readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path))
    .flatMap((path) => [
      ...readFileSync(join(root, 'src', folder, path), 'utf8').matchAll(
        /^import [^;]*?from '([^.'][^']*)'/gm,
      ),
    ])
    .map(([, name = '']) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(names)].filter((name) => !isBuiltin(name));
}

describe('the files of a release beside its installers', () => {
  test('a bill of materials with everything that ships, and none of the tools', async () => {
    const folder = temporaryFolder('bill');
    const { code, stderr } = await run('bill', folder);
    expect(code, stderr).toBe(0);
    const [file = ''] = readdirSync(folder);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(file).toBe(`charloom-${version}.cdx.json`);
    const bill = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly purl: string;
      }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const names = bill.components.map(({ name }) => name);
    for (const part of ['main', 'renderer', 'workbench', 'node', 'cli', 'serve', 'shared', 'preload']) {
      expect(names, part).toEqual(expect.arrayContaining([...importedBy(part)]));
    }
    for (const tool of ['typescript', 'vitest', 'eslint', 'playwright-core'])
      expect(names).not.toContain(tool);
    for (const { purl, name, version: one } of bill.components) {
      expect(purl).toContain(`${name.replace('@', '%40')}@${one}`);
    }
  });

  test('checksums that the system compares, and that find a file which was changed', async () => {
    const folder = temporaryFolder('checksums');
    expect((await run('checksums', folder)).code).not.toBe(0);
    writeFileSync(join(folder, 'Charloom Setup 1.0.0.exe'), 'for Windows');
    writeFileSync(join(folder, 'Charloom-1.0.0.dmg'), 'for macOS');
    writeFileSync(join(folder, 'builder-debug.yml'), 'for nobody');
    expect((await run('checksums', folder)).code).toBe(0);
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    expect(sums.match(/^[0-9a-f]{64} {2}Charloom.*$/gm)).toHaveLength(2);
    if (!hasSha256sum) return;
    const check = (): string =>
      execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(check()).toBe('Charloom Setup 1.0.0.exe: OK\nCharloom-1.0.0.dmg: OK\n');
    writeFileSync(join(folder, 'Charloom-1.0.0.dmg'), 'for somebody else');
    expect(check).toThrow('computed checksum did NOT match');
  });

  test.skipIf(!hasGpg)('a signature by the given key, and none without a key', () => {
    const folder = temporaryFolder('signature');
    const sign = (key: string, ring = temporaryFolder('ring')): string =>
      execFileSync('bash', [join(root, 'scripts/sign-checksums.sh'), folder], {
        encoding: 'utf8',
        env: { ...process.env, SIGNING_KEY: key, GNUPGHOME: ring },
        stdio: 'pipe',
      });
    writeFileSync(join(folder, 'SHA256SUMS'), 'sums\n');
    expect(sign('')).toContain('not signed');
    expect(readdirSync(folder)).toEqual(['SHA256SUMS']);
    const env = { ...process.env, GNUPGHOME: temporaryFolder('ring') };
    const gpg = (...words: readonly string[]): string =>
      execFileSync('gpg', ['--batch', '--passphrase', '', ...words], {
        encoding: 'utf8',
        env,
        stdio: 'pipe',
      });
    gpg('--quick-generate-key', 'Charloom releases', 'ed25519', 'sign', 'never');
    sign(gpg('--pinentry-mode', 'loopback', '--armor', '--export-secret-keys'));
    const verify = (): string => gpg('--verify', join(folder, 'SHA256SUMS.asc'), join(folder, 'SHA256SUMS'));
    expect(verify).not.toThrow();
    writeFileSync(join(folder, 'SHA256SUMS'), 'other sums\n');
    expect(verify).toThrow('BAD signature');
    spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  });
});
