import { isDeepStrictEqual } from 'node:util';
import { storageError } from '../node/files/storage-error.ts';
import { appSettingsSchema, defaultAppSettings, type AppSettings } from '../shared/domain/app.ts';
import { mergePresets } from './merge-presets.ts';
import type { SettingsStore } from './workbench-types.ts';

/** Where settings are written down: a store of the desktop's, or a file. */
export interface SettingsStorage {
  /** For people. */
  readonly path: string;
  read(): unknown;
  write(settings: AppSettings): void;
  /** Lets nobody else read and write there meanwhile; left out where nobody else does. */
  alone?<T>(work: () => T): Promise<T>;
  /** Tells when somebody else may have written there; left out likewise. */
  watch?(changed: () => void): void;
}

/** Keeps a person's settings in any place, with defaults for what is missing there or does not fit: one bad value costs no other. */
export class SettingsKeeper implements SettingsStore {
  readonly #place: SettingsStorage;
  readonly #listeners = new Set<(settings: AppSettings) => void>();
  #settings: AppSettings;

  constructor(place: SettingsStorage) {
    this.#place = place;
    this.#settings = readSettings(place.read());
    place.watch?.(() => this.#lookAgain());
  }

  get(): AppSettings {
    return this.#settings;
  }

  /** Changes what is kept there at this moment: another Charloom may have changed it, too. */
  async change(changes: Parameters<SettingsStore['change']>[0]): Promise<AppSettings> {
    const work = (): AppSettings => this.#change(withoutUndefined(changes));
    return this.#place.alone === undefined ? work() : this.#place.alone(work);
  }

  #change(changes: Partial<AppSettings>): AppSettings {
    const kept = readSettings(this.#place.read());
    const { presets } = changes;
    const merged =
      presets === undefined
        ? {}
        : { presets: mergePresets({ before: this.#settings.presets, mine: presets, kept: kept.presets }) };
    const settings = appSettingsSchema.parse({ ...kept, ...changes, ...merged });
    try {
      this.#place.write(settings);
    } catch (error) {
      throw storageError(error, 'keep the settings', this.#place.path);
    }
    this.#hold(settings);
    return settings;
  }

  #hold(settings: AppSettings): void {
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
  }

  #lookAgain(): void {
    const kept = readSettings(this.#place.read());
    if (!isDeepStrictEqual(kept, this.#settings)) this.#hold(kept);
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

function withoutUndefined<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
