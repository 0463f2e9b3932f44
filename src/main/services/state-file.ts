import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';

const boundsSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  isMaximized: z.boolean(),
});
export type StoredBounds = Readonly<z.infer<typeof boundsSchema>>;

/** The desktop application's own state. Entries are independent: a damaged one does not affect the others. */
const entries = {
  /** Not checked here: the workbench checks what it reads. */
  settings: z.record(z.string(), z.unknown()),
  window: boundsSchema,
  /** Where the user last chose or saved a file; Electron's dialogs do not remember this. */
  lastFolder: z.string().max(32_768),
} as const;

type Entries = { readonly [K in keyof typeof entries]: z.infer<(typeof entries)[K]> };

export interface StateFile {
  get<K extends keyof Entries>(key: K): Entries[K] | undefined;
  set<K extends keyof Entries>(key: K, value: Entries[K]): void;
  /** The new path of the damaged file, if there was one. */
  readonly movedAside: string | undefined;
}

const name = 'workbench';

/** Opens the file in a folder. An unreadable file is moved aside and never prevents the application from starting. */
export function openStateFile(folder: string, now: Date = new Date()): StateFile {
  const path = join(folder, `${name}.json`);
  const aside = join(folder, `${name}.damaged-${now.toISOString().replaceAll(':', '-')}.json`);
  const open = (): Store<Record<string, unknown>> =>
    new Store({ name, cwd: folder, clearInvalidConfig: false, accessPropertiesByDotNotation: false });
  let store: Store<Record<string, unknown>>;
  let movedAside: string | undefined;
  try {
    store = open();
  } catch {
    renameSync(path, aside);
    movedAside = aside;
    store = open();
  }
  if (
    movedAside === undefined &&
    Object.entries(entries).some(([key, schema]) => !fits(store, key, schema))
  ) {
    copyFileSync(path, aside);
    movedAside = aside;
  }
  return {
    movedAside,
    get: (key) => entries[key].safeParse(store.get(key)).data as Entries[typeof key] | undefined,
    set: (key, value) => store.set(key, value),
  };
}

function fits(store: Store<Record<string, unknown>>, key: string, schema: z.ZodType): boolean {
  return !store.has(key) || schema.safeParse(store.get(key)).success;
}
