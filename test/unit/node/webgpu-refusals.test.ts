import { describe, expect, it } from 'vitest';
import { explainLoadError, noAdapter, refuseFallback } from '../../../src/node/webgpu/refusals.ts';
import { webgpuRelease } from '../../../src/node/webgpu/installation/release.ts';

describe('what is reported where WebGPU does not work', () => {
  it.each([
    ['linux', /mesa-vulkan-drivers.*NVIDIA's own driver/],
    ['win32', /newest driver/],
    ['darwin', /virtual machine/],
    ['aix', /driver/],
  ] as const)('without a card on %s: which driver is missing', (platform, fix) => {
    expect(noAdapter(platform)).toMatchObject({
      code: 'backend-unavailable',
      fix: expect.stringMatching(fix) as unknown,
    });
  });

  it('an emulated card is refused, unless a test allows it', () => {
    const swiftshader = { label: 'SwiftShader', fallback: true };
    expect(() => refuseFallback(swiftshader, {})).toThrow(/a software renderer/);
    expect(() => refuseFallback(swiftshader, { CHARLOOM_SOFTWARE_GPU: '0' })).toThrow(/software renderer/);
    expect(() => refuseFallback(swiftshader, { CHARLOOM_SOFTWARE_GPU: '1' })).not.toThrow();
    expect(() => refuseFallback({ label: 'NVIDIA L4', fallback: false }, {})).not.toThrow();
  });

  it('a library that does not load: an old system, or the original message', () => {
    const old = new Error("/lib/libc.so.6: version `GLIBC_2.34' not found (required by dawn.node)");
    expect(explainLoadError(old).message).toMatch(/needs glibc 2\.34 or newer .*: 2\.34 is missing\.$/);
    const other = new Error('dawn.node: file too short\nmore of it');
    expect(explainLoadError(other).message).toBe('WebGPU cannot be loaded: dawn.node: file too short');
  });
});

describe('the release that is installed', () => {
  it('is pinned: a full hash for the tarball, for every file, and a licence for every platform', () => {
    expect(Buffer.from(webgpuRelease.integrity, 'base64')).toHaveLength(64);
    for (const files of Object.values(webgpuRelease.files)) {
      const names = files.map(({ path }) => path.split('/').at(-1));
      expect(names).toContain('dawn.node');
      expect(names).toContain('LICENSE.md');
      expect(files.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256))).toEqual([]);
      // They are side by side in the engine's folder.
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
