import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcedFile, downloadError, foundAddress } from '../../../src/node/tensorflow/installation/pip.ts';
import {
  engineLayout,
  folderNameOf,
  listEngines,
  readEngine,
  type EngineManifest,
} from '../../../src/node/tensorflow/installation/engine-folder.ts';
import { rootCause } from '../../../src/engine/backends/tensorflow/root-cause.ts';
import { lockEngines } from '../../../src/node/engines/install-lock.ts';
import { tensorflowEnvironment } from '../../../src/node/tensorflow/diagnosis/environment.ts';
import {
  cardsFromLog,
  cudnnComplaint,
  explainNoGpu,
  warnAboutCard,
} from '../../../src/node/tensorflow/diagnosis/graphics.ts';
import { wheelLibrary } from '../../../src/node/tensorflow/diagnosis/machine-check.ts';
import { promoteEngine, stageEngine } from '../../../src/node/engines/engines-folder.ts';
import { checkRoom, checkSystemLibrary } from '../../../src/node/engines/machine.ts';
import { progressOf, type InstallPart } from '../../../src/node/tensorflow/installation/progress.ts';
import { wheelReleases } from '../../../src/node/tensorflow/installation/releases.ts';
import { cudaFiles, tensorflowFiles } from '../../../src/node/tensorflow/installation/unpack.ts';

const manifest: EngineManifest = {
  formatVersion: 1,
  name: 'tensorflow',
  kind: 'cpu',
  version: '2.18.1',
  way: 'wheel',
  platform: process.platform,
  arch: process.arch,
  packageVersion: '4.22.0',
  bytes: 1,
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'charloom-engines-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function stageWithAddon(): Promise<string> {
  const staging = await stageEngine(root);
  const { addon } = engineLayout(staging);
  await mkdir(join(addon, '..'), { recursive: true });
  await writeFile(addon, 'addon');
  return staging;
}

const promote = (staging: string, content: EngineManifest): Promise<string> =>
  promoteEngine(staging, root, folderNameOf(content), content);

describe('the engine folder', () => {
  it('shows an engine only once it is promoted', async () => {
    const staging = await stageWithAddon();
    expect(await listEngines(root)).toEqual([]);
    const folder = await promote(staging, manifest);
    expect((await listEngines(root)).map((engine) => engine.folder)).toEqual([folder]);
  });

  it('replaces an older engine of the same name and leaves nothing behind', async () => {
    await promote(await stageWithAddon(), manifest);
    await promote(await stageWithAddon(), { ...manifest, bytes: 2 });
    expect((await listEngines(root)).map((engine) => engine.manifest.bytes)).toEqual([2]);
    expect(await readdir(root)).toHaveLength(1);
  });

  it.each([
    ['a damaged manifest', '{"formatVersion": 1, '],
    ['a manifest of another kind', '{"formatVersion": 2}'],
  ])('is not deceived by %s', async (_, text) => {
    const folder = await promote(await stageWithAddon(), manifest);
    await writeFile(join(folder, 'engine.json'), text);
    expect(await readEngine(folder)).toBeUndefined();
    expect(await listEngines(root)).toEqual([]);
  });

  it('hides engines of another platform, as a home folder shared by machines may hold', async () => {
    await promote(await stageWithAddon(), { ...manifest, arch: 'sparc' });
    expect(await listEngines(root)).toEqual([]);
  });

  it('lists the GPU engine first', async () => {
    await promote(await stageWithAddon(), manifest);
    await promote(await stageWithAddon(), { ...manifest, kind: 'gpu' });
    expect((await listEngines(root)).map((engine) => engine.manifest.kind)).toEqual(['gpu', 'cpu']);
  });

  it('removes what a killed installation left', async () => {
    const dead = await stageWithAddon();
    await stageEngine(root);
    expect(existsSync(dead)).toBe(false);
  });

  it('restores an engine that a killed installation had moved aside, and only then', async () => {
    const folder = await promote(await stageWithAddon(), manifest);
    await rename(folder, join(root, `.replaced-${basename(folder)}`));
    await stageEngine(root);
    expect((await listEngines(root)).map((engine) => engine.folder)).toEqual([folder]);
    await cp(folder, join(root, `.replaced-${basename(folder)}`), { recursive: true });
    await stageEngine(root);
    expect((await readdir(root)).filter((name) => name.startsWith('.replaced-'))).toEqual([]);
  });

  it('lets one installation at a time work in it', async () => {
    const lock = await lockEngines(root);
    await expect(lockEngines(root)).rejects.toMatchObject({
      code: 'run-busy',
      message: 'An engine is already being installed.',
    });
    await lock.release();
    await (await lockEngines(root)).release();
    expect(await readdir(root)).toEqual([]);
  });

  it('says where it cannot write', async () => {
    await writeFile(join(root, 'file'), '');
    const engines = join(root, 'file', 'engines');
    await expect(stageEngine(engines)).rejects.toMatchObject({ code: 'storage' });
    await expect(lockEngines(engines)).rejects.toMatchObject({
      code: 'storage',
      fix: 'Set CHARLOOM_HOME to a writable folder.',
    });
  });
});

describe('what is downloaded', () => {
  it('is pinned: a full hash for every wheel of every release', () => {
    const wheels = Object.values(wheelReleases).flatMap((release) => release.wheels);
    expect(wheels.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256))).toEqual([]);
  });

  it('reads the file and the size that pip announces', () => {
    const announced = { name: 'tensorflow_cpu-2.18.1.whl', bytes: 230.2e6 };
    expect(announcedFile('  Downloading tensorflow_cpu-2.18.1.whl (230.2 MB)')).toEqual(announced);
    expect(announcedFile('  Downloading http://mirror/x/tensorflow_cpu-2.18.1.whl (230.2 MB)')).toEqual(
      announced,
    );
    expect(announcedFile('  Downloading tensorflow_cpu-2.18.1.whl.metadata (4 kB)')).toBeUndefined();
    expect(announcedFile('Collecting tensorflow-cpu==2.18.1')).toBeUndefined();
  });

  it('reads where pip has found a file', () => {
    const address = 'http://mirror/a/tensorflow_cpu-2.18.1.whl';
    const line = `  Found link ${address} (from http://mirror/simple/) (requires-python:>=3.9), version: 2.18.1`;
    expect(foundAddress(line)).toBe(address);
    expect(foundAddress('  Found link file:///x.whl (from /x), version: 1')).toBeUndefined();
    expect(foundAddress('  Found link http://[ (from http://mirror/), version: 1')).toBeUndefined();
  });

  it.each([
    ['OSError: [Errno 28] No space left on device', 'storage', /disk/],
    ['NewConnectionError: Name or service not known', 'backend-unavailable', /no connection/],
    ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM', 'backend-unavailable', /not the file/],
    ['ERROR: No matching distribution found for x', 'backend-unavailable', /does not have/],
    [
      'ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)',
      'backend-unavailable',
      /no x at all/,
    ],
    ['ERROR: something else', 'backend-unavailable', /something else/],
  ])('explains pip: %s', (stderr, code, message) => {
    const wheel = { project: 'x', version: '1', sha256: '' };
    const error = downloadError(wheel, { code: 1, stdout: '', stderr });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('takes only the libraries and the headers it needs, and nothing outside the engine', () => {
    expect(tensorflowFiles('tensorflow/libtensorflow_cc.so.2')).toBe(
      join('deps', 'lib', 'libtensorflow_cc.so.2'),
    );
    expect(tensorflowFiles('tensorflow/include/tensorflow/c/c_api.h')).toBe(
      join('deps', 'include', 'tensorflow', 'c', 'c_api.h'),
    );
    expect(tensorflowFiles('tensorflow/python/__init__.py')).toBeUndefined();
    expect(tensorflowFiles('tensorflow/include/external/eigen/Eigen/Core')).toBeUndefined();
    expect(cudaFiles('nvidia/cublas/lib/libcublas.so.12')).toBe(join('deps', 'lib', 'libcublas.so.12'));
    expect(cudaFiles('nvidia/cublas/include/cublas.h')).toBeUndefined();
    expect(cudaFiles('nvidia/cublas/lib/../../../evil.so')).toBeUndefined();
  });
});

describe('the machine', () => {
  it('must have a C library that is new enough', () => {
    if (process.platform !== 'linux') return;
    expect(() => checkSystemLibrary('2.17', wheelLibrary)).not.toThrow();
    expect(() => checkSystemLibrary('2.12', wheelLibrary)).toThrow(/2\.12/);
    expect(() => checkSystemLibrary(undefined, wheelLibrary)).toThrow(/glibc/);
  });

  it('must have room', async () => {
    await expect(checkRoom(root, 1)).resolves.toBeUndefined();
    await expect(checkRoom(root, 1e18)).rejects.toMatchObject({ code: 'storage' });
  });

  it('moves the progress bar only forward', () => {
    const parts: readonly InstallPart[] = ['check', 'download', 'unpack', 'compile', 'test'];
    const fractions = parts.flatMap((part) => [0, 0.5, 1].map((done) => progressOf(part, done).fraction));
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
    expect(fractions.at(-1)).toBeCloseTo(1);
  });
});

describe('the environment of a process that loads an engine', () => {
  const engine = { libraries: join('engines', 'one', 'deps', 'lib') };

  it('leaves memory to others, keeps float32 products whole and finds the libraries first', () => {
    const environment = tensorflowEnvironment(engine, { threads: 3 });
    expect(environment).toMatchObject({
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      NVIDIA_TF32_OVERRIDE: '0',
      TF_NUM_INTEROP_THREADS: '3',
      TF_CPP_MIN_LOG_LEVEL: '2',
    });
    const path = Object.entries(environment).find(([name]) => /PATH$/.test(name))?.[1] ?? '';
    expect(path.startsWith(engine.libraries)).toBe(true);
  });

  it('shows why TensorFlow finds no card on request', () => {
    expect(tensorflowEnvironment(engine, { verbose: true })['TF_CPP_MIN_LOG_LEVEL']).toBe('0');
  });
});

describe('the graphics card', () => {
  const opened =
    'I tensorflow/core/common_runtime/gpu/gpu_device.cc:2022] Created device /job:localhost/replica:0/task:0/device:GPU:0 with 78764 MB memory:  -> device: 0, name: NVIDIA H100 80GB HBM3, pci bus id: 0000:00:05.0, compute capability: 9.0';

  it('is found in TensorFlow’s output', () => {
    expect(cardsFromLog(opened)).toEqual([
      { name: 'NVIDIA H100 80GB HBM3', memoryMegabytes: 78_764, capability: '9.0' },
    ]);
  });

  it('is one card, however often TensorFlow opens it', () => {
    const second = opened.replaceAll('0000:00:05.0', '0000:00:06.0').replace('GPU:0', 'GPU:1');
    expect(cardsFromLog(`${opened}\n${opened}\n${second}\n${opened}`)).toHaveLength(2);
  });

  it('says in its library’s own words why a kernel does not run', () => {
    const log = [
      'I0000 00:00:1795000000.1 12 cuda_dnn.cc:529] Loaded cuDNN version 90300',
      'E0000 00:00:1795000000.2 12 cuda_dnn.cc:1900] Sequence lengths for RNN are required from CUDNN 9.0+',
      'W tensorflow/core/framework/op_kernel.cc:1841] OP_REQUIRES failed at cudnn_rnn_ops.cc:1810 : INTERNAL: Failed to call DoRnnForward',
    ].join('\n');
    expect(cudnnComplaint(log)).toBe('Sequence lengths for RNN are required from CUDNN 9.0+');
    expect(cudnnComplaint(log.split('\n')[0] ?? '')).toBeUndefined();
    const failed =
      'Session fail to run with error: 2 root error(s) found.\n  (0) INTERNAL: Failed to call DoRnnForward with model config: 2\n\t [[{{node CudnnRNNV3}}]]\n  (1) INTERNAL: Another';
    expect(rootCause(failed)).toBe('Failed to call DoRnnForward with model config: 2');
    expect(rootCause("No OpKernel was registered to support Op 'X' used by {{node X}}")).toBe(
      "No OpKernel was registered to support Op 'X'",
    );
  });

  it.each([
    ["Could not load dynamic library 'libcudart.so.11.0'; dlerror: no", /libcudart\.so\.11\.0/],
    ['Could not find cuda drivers on your machine, GPU will not be used.', /driver is missing/],
    ['failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected', /finds no CUDA card/],
    ['failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)', /error 303/],
    ['compute capability 3.0. The minimum required Cuda capability is 6.0.', /too old.*6\.0/],
    ['Cannot dlopen some GPU libraries. Please make sure', /libraries were not found/],
    ['', /gives no reason/],
  ])('is missing with a reason: %s', (log, reason) => {
    expect(explainNoGpu('gpu', log)).toMatch(reason);
  });

  it('may be newer than the library', () => {
    const log = 'TensorFlow was not built with CUDA kernel binaries compatible with compute capability 12.0.';
    expect(warnAboutCard(log)).toMatch(/newer/);
    expect(warnAboutCard(opened)).toBeUndefined();
  });
});
