import { storageError } from '../node/files/storage-error.ts';
import { appSettingsSchema, defaultAppSettings, type AppSettings } from '../shared/domain/app.ts';
import type { SettingsStore } from './workbench-types.ts';

/** Where settings are written down: a store of the desktop's, or a file. */
export interface SettingsStorage {
  /** For people. */
  readonly path: string;
  read(): unknown;
  write(settings: AppSettings): void;
}

/** Keeps a person's settings in any place, with defaults for what is missing there or does not fit: one bad value costs no other. */
export class SettingsKeeper implements SettingsStore {
  readonly #place: SettingsStorage;
  readonly #listeners = new Set<(settings: AppSettings) => void>();
  #settings: AppSettings;

  constructor(place: SettingsStorage) {
    this.#place = place;
    this.#settings = readSettings(place.read());
  }

  get(): AppSettings {
    return this.#settings;
  }

  change(changes: Parameters<SettingsStore['change']>[0]): AppSettings {
    const settings = appSettingsSchema.parse({ ...this.#settings, ...withoutUndefined(changes) });
    try {
      this.#place.write(settings);
    } catch (error) {
      throw storageError(error, 'keep the settings', this.#place.path);
    }
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
    return settings;
  }

  onChange(listener: (settings: AppSettings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** What a stored value holds of settings; the defaults for the rest. */
export function readSettings(stored: unknown): AppSettings {
  if (typeof stored !== 'object' || stored === null) return defaultAppSettings;
  const known = Object.entries(appSettingsSchema.shape)
    .map(([key, schema]) => [key, schema.safeParse(Reflect.get(stored, key)).data] as const)
    .filter(([, value]) => value !== undefined);
  return appSettingsSchema.parse({ ...defaultAppSettings, ...Object.fromEntries(known) });
}

function withoutUndefined(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
