/**
 * The one TensorFlow version Charloom installs, pinned by hash. Python only fetches the wheels, which are never installed into it, so a wheel for any
 * version of Python will do, and this table names one.
 */
export interface Wheel {
  /** The project's name for pip. */
  readonly project: string;
  readonly version: string;
  readonly sha256: string;
}

export interface WheelRelease {
  readonly version: string;
  /** pip's names for the platform, best first. */
  readonly platforms: readonly string[];
  /** The wheel with TensorFlow itself, then those with the CUDA libraries it names. */
  readonly wheels: readonly Wheel[];
  /** Room needed on disk while installing: downloads and the unpacked libraries together, in bytes. */
  readonly roomBytes: number;
}

export type EngineKind = 'cpu' | 'gpu';

const version = '2.18.1';

/** Python tags of the pinned wheels. */
export const wheelPython = { version: '3.11', abi: 'cp311' } as const;

const linux = (arch: string): readonly string[] => [`manylinux_2_17_${arch}`, `manylinux2014_${arch}`];

// `nvidia-cuda-nvcc-cu12`, the twelfth that TensorFlow names, is a compiler for a part of it that Charloom does not use.
const cudaWheels: readonly Wheel[] = [
  wheel('nvidia-cublas-cu12', '12.5.3.2', 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'),
  wheel(
    'nvidia-cuda-cupti-cu12',
    '12.5.82',
    'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
  ),
  wheel(
    'nvidia-cuda-nvrtc-cu12',
    '12.5.82',
    '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
  ),
  wheel(
    'nvidia-cuda-runtime-cu12',
    '12.5.82',
    '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
  ),
  wheel('nvidia-cudnn-cu12', '9.3.0.75', '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'),
  wheel('nvidia-cufft-cu12', '11.2.3.61', '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'),
  wheel(
    'nvidia-curand-cu12',
    '10.3.6.82',
    '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
  ),
  wheel(
    'nvidia-cusolver-cu12',
    '11.6.3.83',
    '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
  ),
  wheel(
    'nvidia-cusparse-cu12',
    '12.5.1.3',
    '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
  ),
  wheel('nvidia-nccl-cu12', '2.21.5', '8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0'),
  wheel(
    'nvidia-nvjitlink-cu12',
    '12.5.82',
    'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
  ),
];

/** By platform, architecture and kind; missing entries have no wheel that Charloom can use. */
export const wheelReleases: Readonly<Record<string, WheelRelease>> = {
  'linux-x64-cpu': {
    version,
    platforms: linux('x86_64'),
    wheels: [
      wheel('tensorflow-cpu', version, '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298'),
    ],
    roomBytes: 1.2e9,
  },
  'linux-x64-gpu': {
    version,
    platforms: linux('x86_64'),
    wheels: [
      wheel('tensorflow', version, 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828'),
      ...cudaWheels,
    ],
    roomBytes: 9e9,
  },
  'linux-arm64-cpu': {
    version,
    platforms: linux('aarch64'),
    wheels: [
      wheel('tensorflow', version, '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944'),
    ],
    roomBytes: 1.5e9,
  },
  'darwin-arm64-cpu': {
    version,
    platforms: ['macosx_12_0_arm64'],
    wheels: [
      wheel('tensorflow', version, '661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508'),
    ],
    roomBytes: 1.5e9,
  },
};

/** The release for a machine, if there is one. */
export function wheelRelease(
  machine: { readonly platform: string; readonly arch: string },
  kind: EngineKind,
): WheelRelease | undefined {
  return wheelReleases[`${machine.platform}-${machine.arch}-${kind}`];
}

function wheel(project: string, wheelVersion: string, sha256: string): Wheel {
  return { project, version: wheelVersion, sha256 };
}
