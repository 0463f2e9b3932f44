import type { GraphicsSource } from '../../node/backend/graphics-source.ts';
import { tensorflowReference } from '../../node/backend/tensorflow-provider.ts';
import { listEngines, type InstalledEngine } from '../../node/tensorflow/installation/engine-folder.ts';
import {
  backendKinds,
  embeddedBackend,
  type BackendKind,
  type BackendReference,
} from '../../shared/domain/backends.ts';
import type { Engine } from '../../shared/domain/app.ts';

/** A backend as the settings page lists it. */
interface ListedBackend {
  readonly view: Engine;
  /** Null: one that could be installed. */
  readonly backend: BackendReference | null;
}

const lists: Readonly<Record<BackendKind, (graphics: GraphicsSource) => Promise<readonly ListedBackend[]>>> =
  {
    wasm: () => Promise.resolve([{ view: embedded, backend: embeddedBackend }]),
    webgpu: listWebgpu,
    tensorflow: listTensorflow,
  };

/** Every backend that is here or could be, in the order of the page. */
export async function listBackends(graphics: GraphicsSource): Promise<readonly ListedBackend[]> {
  return (await Promise.all(backendKinds.map((kind) => lists[kind](graphics)))).flat();
}

const embedded: Engine = {
  id: 'embedded',
  title: 'Embedded',
  about: 'Charloom’s own kernels in WebAssembly: on every computer, nothing to install.',
  state: 'built-in',
  version: null,
  bytes: 0,
  problem: null,
  removable: false,
};

const absentWebgpu: Engine = {
  id: 'webgpu',
  title: 'Graphics card (WebGPU)',
  about: 'Trains on any maker’s graphics card.',
  state: 'absent',
  version: null,
  bytes: 0,
  problem: null,
  removable: false,
};

async function listWebgpu(graphics: GraphicsSource): Promise<readonly ListedBackend[]> {
  const { backend, problem } = await graphics.find();
  if (backend === null) return [{ view: { ...absentWebgpu, problem }, backend }];
  const { version, card } = backend;
  return [{ view: { ...absentWebgpu, about: `Trains on ${card}.`, state: 'installed', version }, backend }];
}

const absentTensorflow: Engine = {
  id: 'tensorflow',
  title: 'TensorFlow',
  about: 'Uses a graphics card of NVIDIA where there is one, and pays off for large models.',
  state: 'absent',
  version: null,
  bytes: 0,
  problem: null,
  removable: false,
};

async function listTensorflow(): Promise<readonly ListedBackend[]> {
  const engines = await listEngines();
  if (engines.length === 0) return [{ view: absentTensorflow, backend: null }];
  return engines.map((engine) => ({ view: viewTensorflow(engine), backend: tensorflowReference(engine) }));
}

function viewTensorflow({ manifest }: InstalledEngine): Engine {
  const { kind, version, bytes } = manifest;
  return {
    id: engineId(manifest),
    title: `TensorFlow for ${kind === 'gpu' ? 'NVIDIA cards' : 'the processor'}`,
    about:
      kind === 'gpu'
        ? 'Uses the graphics card, and pays off for large models.'
        : 'TensorFlow’s own kernels on the processor.',
    state: 'installed',
    version,
    bytes,
    problem: null,
    removable: true,
  };
}

/** What pages call an installed engine. */
export function engineId({ kind, version }: InstalledEngine['manifest']): string {
  return `tensorflow-${kind}-${version}`;
}
