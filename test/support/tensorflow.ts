import type { Backend } from '../../src/engine/backends/backend.ts';
import { loadTensorflow, loadTensorflowBackend } from '../../src/node/tensorflow/backend.ts';
import type { NodeBinding } from '../../src/node/tensorflow/module.ts';
import { listEngines, type InstalledEngine } from '../../src/node/tensorflow/installation/engine-folder.ts';

/** The engine the tests use; undefined where none is installed, and the tests that need one say that they were skipped. */
export const engine: InstalledEngine | undefined = (await listEngines())[0];

/** Goes into the name of every group of tests that needs the engine. */
export const skipNote =
  engine === undefined
    ? ' [skipped: no engine here; "charloom engine install tensorflow" installs one]'
    : ` [${engine.manifest.kind} ${engine.manifest.version}]`;

/** Starts the backend of the installed engine. */
export function startTensorflow(threads = 2): Backend {
  if (engine === undefined) throw new Error('no engine is installed');
  return loadTensorflowBackend(engine, { threads });
}

/** The addon itself, to count the tensors it holds. */
export function nodeBinding(): NodeBinding {
  if (engine === undefined) throw new Error('no engine is installed');
  return loadTensorflow(engine).backend().binding;
}
