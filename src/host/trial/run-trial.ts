import { loadTensorflowBackend } from '../backend/tensorflow.ts';
import { loadWasmBackend } from '../backend/wasm.ts';
import { engineLayout } from '../engines/engine-folder.ts';
import { trialMarker } from './choose.ts';
import { measureStep, trialShapeSchema } from './trial.ts';

/** The child's side of a trial: measures one candidate and writes the figure on stdout. */
export async function runTrial(candidate: string, shapeText: string): Promise<void> {
  const shape = trialShapeSchema.parse(JSON.parse(shapeText));
  const { threads } = shape;
  const backend =
    candidate === 'wasm'
      ? await loadWasmBackend({ threads })
      : loadTensorflowBackend(engineLayout(candidate), { threads });
  const milliseconds = measureStep(backend, shape);
  backend.dispose();
  process.stdout.write(`\n${trialMarker}${milliseconds}\n`);
}
