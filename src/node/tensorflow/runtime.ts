import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { savedModelTag } from '../../engine/backends/tensorflow/graph/graph.ts';
import type { Feed, GraphSession, TensorflowRuntime } from '../../engine/backends/tensorflow/runtime.ts';
import type { NodeBinding, TensorflowModule } from './module.ts';

/** Runs graphs through the Node.js package's own binding. */
export function createTensorflowRuntime(tf: TensorflowModule): TensorflowRuntime {
  const { binding } = tf.backend();
  return { load: (savedModel) => loadGraph(binding, savedModel) };
}

/** The package can only read a graph from a folder; the folder is deleted before this returns. */
function loadGraph(binding: NodeBinding, savedModel: Uint8Array): GraphSession {
  const folder = mkdtempSync(join(tmpdir(), 'charloom-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), savedModel);
    return openSession(binding, binding.loadSavedModel(folder, savedModelTag));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openSession(binding: NodeBinding, id: number): GraphSession {
  return {
    run(feeds, outputs) {
      const inputs = feeds.map((feed) => createInput(binding, feed));
      try {
        const results = binding.runSavedModel(
          id,
          inputs,
          feeds.map((feed) => `${feed.name}:0`).join(','),
          outputs.map((output) => `${output}:0`).join(','),
        );
        return results.map((result) => takeOutput(binding, result.id));
      } finally {
        for (const input of inputs) binding.deleteTensor(input);
      }
    },
    dispose: () => {
      binding.deleteSavedModel(id);
    },
  };
}

function createInput(binding: NodeBinding, { shape, data }: Feed): number {
  const type = data instanceof Int32Array ? binding.TF_INT32 : binding.TF_FLOAT;
  return binding.createTensor(shape, type, data);
}

function takeOutput(binding: NodeBinding, id: number): Float32Array {
  const data = binding.tensorDataSync(id);
  binding.deleteTensor(id);
  return data;
}
