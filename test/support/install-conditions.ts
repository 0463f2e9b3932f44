import { findCompiler } from '../../src/node/tensorflow/installation/compile.ts';
import { findPip } from '../../src/node/tensorflow/installation/pip.ts';
import { releaseForThisMachine } from '../../src/node/tensorflow/diagnosis/machine-check.ts';
import { runCommand } from '../../src/node/engines/run-command.ts';

/** Why TensorFlow cannot really be installed here, in a few words; null when it can. */
async function obstacle(): Promise<string | null> {
  const { signal } = new AbortController();
  const lacks = (what: string) => (): string => what;
  try {
    releaseForThisMachine('cpu');
  } catch {
    return 'there is no TensorFlow for this machine';
  }
  const compiler = await findCompiler(signal).then(() => null, lacks('no compiler'));
  if (compiler !== null) return compiler;
  const pip = await findPip(signal).catch(() => null);
  if (pip === null) return 'no Python with pip';
  // Without a network, users should see that this was not tested, not an unrelated failure.
  const [program = '', ...words] = pip;
  const asked = [...words, '-m', 'pip', 'index', 'versions', 'tensorflow-cpu'];
  const reached = await runCommand(program, asked, { signal }).then(
    ({ code }) => code === 0,
    () => false,
  );
  return reached ? null : 'pip reaches no package index';
}

/** Goes into the condition of tests that install TensorFlow. */
export const installObstacle = await obstacle();

if (installObstacle !== null) {
  process.stderr.write(`The test that installs TensorFlow from the page is skipped: ${installObstacle}.\n`);
}
