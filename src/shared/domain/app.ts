import { z } from 'zod';
import { backendChoices } from './backends.ts';
import { runSettingsSchema } from './run-settings.ts';
import { count, fraction, nameSchema } from './common.ts';

/** Settings of the workbench, stored by electron-store or in a file beside the runs. */
export const appSettingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** Scale of all text. */
  textSize: z.number().min(0.8).max(1.6),
  /** 0: one per core, at most eight. */
  threads: z.int().min(0).max(64),
  backend: z.enum(backendChoices),
  /** What closing the window does while a run trains. */
  onClose: z.enum(['ask', 'background', 'pause', 'stop']),
  /** Whether a notification appears when a run ends while the window is in the background. */
  tellWhenDone: z.boolean(),
  /** Whether a run waits while the computer runs on battery; only the desktop application knows. */
  pauseOnBattery: z.boolean(),
  /** Checkpoints kept of a run besides last and starred ones; 0 keeps all. */
  keepBest: z.int().min(0).max(1000),
  /** Settings saved under a name. */
  presets: z
    .array(z.strictObject({ name: z.string().min(1).max(80), settings: runSettingsSchema }))
    .max(200)
    .readonly(),
  /** The opening words and seed of the samples written at every checkpoint. */
  samplePrompt: z.string().max(1000),
  sampleTemperature: z.number().gt(0).max(10),
  sampleLength: z.int().min(0).max(5000),
  /** Whether Home offers the tour of the pages. */
  offerTour: z.boolean(),
});
export type AppSettings = Readonly<z.infer<typeof appSettingsSchema>>;

export const defaultAppSettings: AppSettings = {
  theme: 'system',
  textSize: 1,
  threads: 0,
  backend: 'auto',
  onClose: 'ask',
  tellWhenDone: true,
  pauseOnBattery: false,
  keepBest: 0,
  presets: [],
  samplePrompt: '',
  sampleTemperature: 0.8,
  sampleLength: 300,
  offerTour: true,
};

/** Folders that can be opened. A page names a folder by its key; only the host knows the path. */
export const folderKeys = ['runs', 'home', 'engines'] as const;
export type FolderKey = (typeof folderKeys)[number];

/** What this host can do that others may not. */
export const appInfoSchema = z.strictObject({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  platform: z.string(),
  cores: z.int().positive(),
  runsFolder: z.string(),
  homeFolder: z.string(),
  enginesFolder: z.string(),
  canReveal: z.boolean(),
  canChooseFiles: z.boolean(),
});
export type AppInfo = Readonly<z.infer<typeof appInfoSchema>>;

export const engineSchema = z.strictObject({
  id: nameSchema,
  title: z.string(),
  /** One line: what it is and why it is needed. */
  about: z.string(),
  state: z.enum(['built-in', 'installed', 'absent', 'broken']),
  version: z.string().nullable(),
  bytes: count,
  problem: z.string().nullable(),
  removable: z.boolean(),
  /** Whether it is not installed and can be, by its id, without a further question. */
  isOneClick: z.boolean(),
});
export type Engine = Readonly<z.infer<typeof engineSchema>>;

export const engineItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction: fraction.nullable(), doing: z.string() }),
  z.strictObject({ kind: z.literal('log'), line: z.string() }),
  z.strictObject({ kind: z.literal('done'), summary: z.string() }),
]);
export type EngineItem = Readonly<z.infer<typeof engineItemSchema>>;
