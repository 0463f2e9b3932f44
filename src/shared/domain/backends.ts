import { z } from 'zod';

/**
 * The backends of Charloom. A new one is an entry in each of the three tables of this file, which pages, command line and job protocol read, and one
 * in src/node/backend/providers.ts, which finds and opens it. The compiler reports missing entries.
 */
export const backendKinds = ['wasm', 'webgpu', 'tensorflow'] as const;
export type BackendKind = (typeof backendKinds)[number];

/** The name of a card or a driver, as it reports itself. */
const calledSchema = z.string().max(300);
const webgpu = { kind: z.literal('webgpu'), card: calledSchema, driver: calledSchema } as const;

/** A backend as installed on this machine: everything that another process needs to open the same one. */
export const backendReferenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('wasm') }),
  z.discriminatedUnion('host', [
    z.strictObject({
      ...webgpu,
      /** Dawn, in a compute process. */
      host: z.literal('dawn'),
      /** Where the installed engine is. */
      folder: z.string().min(1).max(32_768),
      /** Of the npm package that Dawn comes in. */
      version: z.string(),
    }),
    z.strictObject({
      ...webgpu,
      /** The desktop application's Chromium, in a hidden window. */
      host: z.literal('window'),
      /** Chromium's version. */
      version: z.string(),
    }),
  ]),
  z.strictObject({
    kind: z.literal('tensorflow'),
    /** Where the installed engine is. */
    folder: z.string().min(1).max(32_768),
    /** TensorFlow's version. */
    version: z.string(),
    device: z.enum(['cpu', 'gpu']),
  }),
]);
export type BackendReference = Readonly<z.infer<typeof backendReferenceSchema>>;
export type ReferenceOf<Kind extends BackendKind> = Extract<BackendReference, { readonly kind: Kind }>;

/** The desktop application's access to the card. */
export type WindowGraphics = Extract<ReferenceOf<'webgpu'>, { readonly host: 'window' }>;

/** The backend that every machine has. */
export const embeddedBackend: ReferenceOf<'wasm'> = { kind: 'wasm' };

interface BackendWords {
  /** In a sentence: "a step takes 5 ms on ...". */
  readonly name: string;
  /** Among the choices of a form. */
  readonly choice: string;
  /** A sentence for a machine that does not have it. */
  readonly absent: string;
}

export const backendWords: Readonly<Record<BackendKind, BackendWords>> = {
  wasm: {
    name: 'the embedded backend',
    choice: 'The embedded one',
    absent: 'The embedded backend is missing.',
  },
  webgpu: {
    name: 'the graphics card (WebGPU)',
    choice: 'The graphics card (WebGPU)',
    absent: 'No graphics card is available through WebGPU.',
  },
  tensorflow: {
    name: 'TensorFlow',
    choice: 'TensorFlow',
    absent: 'The TensorFlow engine is not installed.',
  },
};

/** One backend in a sentence, its card by name. */
export function backendName(backend: BackendReference): string {
  return backend.kind === 'webgpu' ? `${backend.card} (WebGPU)` : backendWords[backend.kind].name;
}

/** What can be requested; auto picks the fastest for the model on this machine. */
export const backendChoices = ['auto', ...backendKinds] as const;
export type BackendChoice = (typeof backendChoices)[number];

/** The kind that a run's record or checkpoint names; undefined for one that this version does not know. */
export function backendKindOf(name: string): BackendKind | undefined {
  return backendKinds.find((kind) => kind === name);
}
