import { listEngines } from '../../src/node/tensorflow/installation/engine-folder.ts';
import { dawn } from './webgpu-home.ts';

/** Runs after all tests: a test that did not run should be missed by somebody. */
export async function teardown(): Promise<void> {
  const missing = [
    ...((await listEngines()).length > 0 ? [] : ['tensorflow']),
    ...(dawn === undefined ? ['webgpu'] : []),
  ];
  for (const name of missing) {
    process.stdout.write(
      `\nSkipped: the tests that need the engine ${name}, which is not installed here ("charloom engine install ${name}").\n`,
    );
  }
}
