import type { GraphicsSource } from '../../node/backend/graphics-source.ts';
import { tensorflowReference } from '../../node/backend/tensorflow-provider.ts';
import { listEngines, type InstalledEngine } from '../../node/tensorflow/installation/engine-folder.ts';
import { findWebgpuEngine } from '../../node/webgpu/engine.ts';
import {
  backendKinds,
  embeddedBackend,
  type BackendKind,
  type BackendReference,
} from '../../shared/domain/backends.ts';
import type { Engine } from '../../shared/domain/app.ts';
import { describeProblem } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';

/** A backend as the settings page lists it. */
export interface ListedBackend {
  readonly view: Engine;
  /** Null for a backend that could be installed, or that does not work. */
  readonly backend: BackendReference | null;
}

const lists: Readonly<Record<BackendKind, (graphics: GraphicsSource) => Promise<readonly ListedBackend[]>>> =
  {
    wasm: () => Promise.resolve([{ view: embedded, backend: embeddedBackend }]),
    webgpu: listWebgpu,
    tensorflow: listTensorflow,
  };

/** Every backend that is installed or can be, in the order of the page. */
export async function listBackends(graphics: GraphicsSource): Promise<readonly ListedBackend[]> {
  return (await Promise.all(backendKinds.map((kind) => lists[kind](graphics)))).flat();
}

const nothing = {
  state: 'absent',
  version: null,
  bytes: 0,
  problem: null,
  removable: false,
  isOneClick: false,
} as const;

const embedded: Engine = {
  ...nothing,
  id: 'embedded',
  title: 'Embedded',
  about: 'Charloom’s own WebAssembly kernels: work on every computer, nothing to install.',
  state: 'built-in',
};

const absentWebgpu: Engine = {
  ...nothing,
  id: 'webgpu',
  title: 'Graphics card (WebGPU)',
  about:
    'Trains on any maker’s graphics card. Can be many times faster, especially for large models. 51 MB to download.',
  isOneClick: true,
};

async function listWebgpu(graphics: GraphicsSource): Promise<readonly ListedBackend[]> {
  if (graphics.host === 'none') return [];
  const { backend, problem } = await graphics.find();
  const engine = graphics.host === 'dawn' ? await findWebgpuEngine() : null;
  if (engine === undefined) return [{ view: absentWebgpu, backend: null }];
  const trains =
    backend === null ? 'Trains on a graphics card; none was found.' : `Trains on ${backend.card}.`;
  const isHere = backend !== null;
  const { version = null, bytes = 0 } = engine?.manifest ?? { version: backend?.version };
  const view: Engine = {
    ...nothing,
    ...{ id: 'webgpu', title: absentWebgpu.title, version, bytes },
    problem: problem === null ? null : describeProblem(errorOf(problem)),
    about: engine === null ? `${trains} Included with this application; nothing to install.` : trains,
    state: isHere ? (engine === null ? 'built-in' : 'installed') : 'broken',
    removable: engine !== null,
  };
  return [{ view, backend }];
}

const absentTensorflow: Engine = {
  ...nothing,
  id: 'tensorflow',
  title: 'TensorFlow',
  about: 'Uses an NVIDIA graphics card or the processor. WebGPU suits most computers better.',
};

async function listTensorflow(): Promise<readonly ListedBackend[]> {
  const engines = await listEngines();
  if (engines.length === 0) return [{ view: absentTensorflow, backend: null }];
  return engines.map((engine) => ({ view: viewTensorflow(engine), backend: tensorflowReference(engine) }));
}

function viewTensorflow({ manifest }: InstalledEngine): Engine {
  const { kind, version, bytes } = manifest;
  return {
    ...nothing,
    id: engineId(manifest),
    title: `TensorFlow for ${kind === 'gpu' ? 'NVIDIA cards' : 'the processor'}`,
    about:
      kind === 'gpu'
        ? 'Uses an NVIDIA graphics card; worthwhile for large models.'
        : 'TensorFlow’s kernels on the processor.',
    state: 'installed',
    version,
    bytes,
    removable: true,
  };
}

/** The id of an installed TensorFlow in pages. */
export function engineId({ kind, version }: InstalledEngine['manifest']): string {
  return `tensorflow-${kind}-${version}`;
}
