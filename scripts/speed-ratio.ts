import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { benchResult } from '../src/cli/json-output.ts';
import { cellKinds } from '../src/shared/domain/cells.ts';
import { median } from '../src/shared/statistics/averages.ts';

// Prints how long a training step takes on both backends and the ratio of the two, measured alternately because a machine's load changes.
const program = join(import.meta.dirname, '..', 'bin', 'charloom.js');
const rounds = 3;

for (const model of cellKinds) {
  const times = { tensorflow: [] as number[], wasm: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    for (const backend of ['tensorflow', 'wasm'] as const) times[backend].push(measure(model, backend));
  }
  const [tensorflow, wasm] = [median(times.tensorflow), median(times.wasm)];
  console.log(
    `speed: ${model} 2x128, a step takes ${tensorflow.toFixed(1)} ms on TensorFlow and ${wasm.toFixed(1)} ms on the embedded backend, ` +
      `ratio ${(tensorflow / wasm).toFixed(2)}`,
  );
}

/** Milliseconds per step, in a separate process. */
function measure(model: string, backend: string): number {
  const words = ['bench', '--model', model, '--backend', backend, '--steps', '20', '--no-compare', '--json'];
  const output = execFileSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return benchResult.parse(JSON.parse(output)).ms_per_step;
}
