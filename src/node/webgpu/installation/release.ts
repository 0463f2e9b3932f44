/** A file that an engine is made of. */
export interface PinnedFile {
  /** In the npm package, relative to its folder. */
  readonly path: string;
  readonly sha256: string;
}

/** The one release of Dawn's Node binding that Charloom installs, pinned by hash. All platforms come in one tarball. */
export interface WebgpuRelease {
  /** The npm package. */
  readonly project: string;
  readonly version: string;
  /** Of the tarball, in the form that npm registries use: sha512 in base64. */
  readonly integrity: string;
  readonly tarballBytes: number;
  /** The files to keep, by platform and architecture; a machine that is missing here has no WebGPU from this package. */
  readonly files: Readonly<Record<string, readonly PinnedFile[]>>;
}

const licence: PinnedFile = {
  path: 'LICENSE.md',
  sha256: '12b5a762d9f74ebc820c9ff13a79fd5108525c1fda37c5ab4fd924f89484aba2',
};

const universal = kept('darwin-universal', {
  'dawn.node': 'f5b278f3dc65276bf1f8a667f91650d32585431d5b2d148ca729f67924c574a3',
});

const compilerNotices = {
  'dxcompiler-LICENSE.TXT': '05f32c081b3c75cd2cc2a0655b571ba94ebcfc64e9ccca6e5a9e36d6cb67e540',
  'dxcompiler-ThirdPartyNotices.txt': '87539fdc00b6350520942dbb0683c56acba5e38f5ddbcded046a6958a1386188',
};

export const webgpuRelease: WebgpuRelease = {
  project: 'webgpu',
  version: '0.6.2',
  integrity: '3L4GfmqJLvYUIEWJngEQY+2HQiUlAFkg8+P8NDDj3Xx5hHHIFO/r8JW+ynfqBj7kHN4mbnwO74uB+lrRtLhp4Q==',
  tarballBytes: 51e6,
  files: {
    'linux-x64': kept('linux-x64', {
      'dawn.node': 'ab18a659f8325e874ea45c80347b64336d7f748601102753d2bc669fdecfd710',
    }),
    'linux-arm64': kept('linux-arm64', {
      'dawn.node': '474a272ac9be570b04fa3791576d32e56f574818e60190c6788a83be90233980',
    }),
    'darwin-x64': universal,
    'darwin-arm64': universal,
    'win32-x64': kept('win32-x64', {
      'dawn.node': '75fff5db8a7541ad7a2d22c468e6f8bc3614b87c3b649c8ce712f7f5148ef338',
      'd3dcompiler_47.dll': '289767b49dc8525bce262ea06fee4ef9fced2e131a55b25654ce871c1f0498b2',
      'dxcompiler.dll': '04cf618004bf19f789f54e8931c7f7106223bccd354b093c4ff725c748512602',
      ...compilerNotices,
    }),
    'win32-arm64': kept('win32-arm64', {
      'dawn.node': 'd0ef6fe1551cd08fb0fee2a8281d38008434697e5d9a6f3bfdcbb9ab00755672',
      'd3dcompiler_47.dll': '3cdd009ee909bb2e5123990f7d4ea690a1e968202c3adba861eda69f5e672752',
      'dxcompiler.dll': 'ed294f011f57eb8cfef061c2d91e56c1c192ca1a6ddaa315ccab7c2900029e6e',
      ...compilerNotices,
    }),
  },
};

/** The files of one folder of the package, and the licence of the whole. */
function kept(folder: string, hashes: Readonly<Record<string, string>>): readonly PinnedFile[] {
  const files = Object.entries(hashes).map(([name, sha256]) => ({ path: `dist/${folder}/${name}`, sha256 }));
  return [...files, licence];
}
