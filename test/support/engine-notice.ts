import { listEngines } from '../../src/node/tensorflow/installation/engine-folder.ts';
import { dawn } from './webgpu-home.ts';

/** Runs after all tests, so that skipped tests are noticed. */
export async function teardown(): Promise<void> {
  if ((await listEngines()).length === 0) missed('TensorFlow', 'tensorflow');
  if (dawn === undefined) missed('WebGPU in Node', 'webgpu');
}

function missed(what: string, engine: string): void {
  process.stdout.write(
    `\nSkipped: the tests that need ${what}, since no engine is installed here ("charloom engine install ${engine}" installs one).\n`,
  );
}
