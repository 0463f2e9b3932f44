import { listEngines } from '../../src/node/tensorflow/installation/engine-folder.ts';

/** Runs after all tests: a test that did not run should be missed by somebody. */
export async function teardown(): Promise<void> {
  if ((await listEngines()).length > 0) return;
  process.stdout.write(
    '\nSkipped: the tests that need TensorFlow, since no engine is installed here ("charloom engine install tensorflow" installs one).\n',
  );
}
