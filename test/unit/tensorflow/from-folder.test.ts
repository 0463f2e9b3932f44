import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeFromFolder } from '../../../src/node/tensorflow/installation/from-folder.ts';
import type { InstallHooks } from '../../../src/node/engines/progress.ts';
import { wheelReleases } from '../../../src/node/tensorflow/installation/releases.ts';

const hooks: InstallHooks = { signal: new AbortController().signal, onProgress: () => undefined };
const library = 'tensorflow/libtensorflow_cc.so.2';

let root: string;
let wheels: string;
let staging: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'charloom-from-'));
  [wheels, staging] = [join(root, 'wheels'), join(root, 'staging')];
  await mkdir(wheels);
  await mkdir(staging);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A wheel as Python writes one: its files, and a record of their hashes. */
function makeWheel(name: string, files: Readonly<Record<string, string>>, recorded = files): void {
  const script = [
    'import base64, hashlib, json, sys, zipfile',
    'files, recorded = json.loads(sys.argv[2]), json.loads(sys.argv[3])',
    'def line(path):',
    '    digest = base64.urlsafe_b64encode(hashlib.sha256(recorded[path].encode()).digest()).rstrip(b"=").decode()',
    '    return f"{path},sha256={digest},{len(recorded[path])}\\n"',
    'with zipfile.ZipFile(sys.argv[1], "w") as wheel:',
    '    for path, content in files.items(): wheel.writestr(path, content)',
    '    wheel.writestr("some-1.0.dist-info/RECORD", "".join(line(path) for path in recorded))',
  ];
  const words = [join(wheels, name), JSON.stringify(files), JSON.stringify(recorded)];
  execFileSync('python3', ['-c', script.join('\n'), ...words]);
}

const cpu = (): Promise<void> => takeFromFolder(wheels, { kind: 'cpu', staging }, hooks);
const gpu = (): Promise<void> => takeFromFolder(wheels, { kind: 'gpu', staging }, hooks);

describe('an engine from a folder', () => {
  it('is taken from wheels whose files are what their record says', async () => {
    makeWheel('tensorflow_cpu-2.18.1-cp312-cp312-manylinux_2_17_x86_64.whl', { [library]: 'the library' });
    await cpu();
    expect(await readFile(join(staging, 'deps/lib/libtensorflow_cc.so.2'), 'utf8')).toBe('the library');
  });

  it('is refused where a file in a wheel differs from its record', async () => {
    const name = 'tensorflow_cpu-2.18.1-cp312-cp312-manylinux_2_17_x86_64.whl';
    makeWheel(name, { [library]: 'something else' }, { [library]: 'the library' });
    await expect(cpu()).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: `${name} is damaged or incomplete.`,
    });
  });

  it('is refused where a wheel was cut off', async () => {
    const name = 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_x86_64.whl';
    makeWheel(name, { [library]: 'the library' });
    const whole = await readFile(join(wheels, name));
    await writeFile(join(wheels, name), whole.subarray(0, whole.length - 30));
    await expect(cpu()).rejects.toMatchObject({ message: `${name} is damaged or incomplete.` });
  });

  it('is refused for graphics cards where wheels of CUDA are missing, with the command to fetch them', async () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    makeWheel('tensorflow-2.18.1-cp311-cp311-manylinux_2_17_x86_64.whl', { [library]: 'the library' });
    makeWheel('nvidia_cublas_cu12-12.5.3.2-py3-none-manylinux1_x86_64.whl', {});
    await expect(gpu()).rejects.toMatchObject({
      code: 'not-found',
      fix: expect.stringMatching(/pip download --no-deps (?!.*cublas).*nvidia-cudnn-cu12==9\.3/) as unknown,
    });
    expect(await readdir(staging)).toEqual([]);
    for (const { project, version } of wheelReleases['linux-x64-gpu']?.wheels ?? []) {
      const part = project.replaceAll('-', '_');
      const path = `nvidia/${part}/lib/lib${part}.so.12`;
      if (project !== 'tensorflow') makeWheel(`${part}-${version}-py3-none-any.whl`, { [path]: part });
    }
    await gpu();
    expect(await readdir(join(staging, 'deps/lib'))).toContain('libnvidia_cudnn_cu12.so.12');
  });

  it('takes CUDA’s libraries from a site-packages folder too', async () => {
    for (const path of [library, 'nvidia/cudnn/lib/libcudnn.so.9', 'nvidia/cudnn/include/cudnn.h']) {
      await mkdir(join(wheels, path, '..'), { recursive: true });
      await writeFile(join(wheels, path), path);
    }
    await gpu();
    expect((await readdir(join(staging, 'deps/lib'))).sort()).toEqual([
      'libcudnn.so.9',
      'libtensorflow_cc.so.2',
    ]);
  });
});
