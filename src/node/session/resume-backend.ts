import { listEngines } from '../tensorflow/installation/engine-folder.ts';
import type { RunRecord } from '../files/run-record.ts';

/**
 * The backend that a run goes on with when nobody chose one: the one it was trained on, since only that gives the same numbers to the bit. A
 * run from a machine with TensorFlow goes on with the embedded backend where there is none (and says so, see resume.ts).
 */
export async function resumeBackend({ backend }: RunRecord): Promise<'wasm' | 'tensorflow'> {
  if (backend.name !== 'tensorflow') return 'wasm';
  return (await listEngines()).length > 0 ? 'tensorflow' : 'wasm';
}
