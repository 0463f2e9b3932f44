import { isDeepStrictEqual } from 'node:util';
import { storageError } from '../node/files/storage-error.ts';
import type { CharloomError } from '../shared/errors.ts';
import { appSettingsSchema, type AppSettings } from '../shared/domain/app.ts';
import { newerFileError, upgradeToCurrent, type VersionChain } from '../shared/versioned.ts';
import { mergePresets } from './merge-presets.ts';
import { asStored, readSettings, storedAfter, type StoredSettings } from './stored-settings.ts';
import type { SettingsStore } from './workbench-types.ts';

/** Where settings are stored: the desktop application's store, or a file. */
export interface SettingsStorage {
  /** For people. */
  readonly path: string;
  read(): unknown;
  write(settings: StoredSettings): void;
  /** Locks out other processes meanwhile; omitted if there are none. */
  alone?<T>(work: () => T): Promise<T>;
  /** Reports when another process may have written there; omitted likewise. */
  watch?(changed: () => void): void;
}

/** The first version of the file has no version number. */
const upgrades: VersionChain = { steps: [] };

/**
 * Stores settings in any place, with defaults for missing or invalid ones: one bad value does not affect others. Settings of another version of
 * Charloom are kept; if a newer one has written a format that this version cannot write, nothing is changed.
 */
export class SettingsKeeper implements SettingsStore {
  readonly #place: SettingsStorage;
  readonly #listeners = new Set<(settings: AppSettings) => void>();
  #settings: AppSettings;

  constructor(place: SettingsStorage) {
    this.#place = place;
    this.#settings = readSettings(this.#stored());
    place.watch?.(() => this.#lookAgain());
  }

  get(): AppSettings {
    return this.#settings;
  }

  /** Why the settings cannot be changed: a newer Charloom wrote them. The part that can be read still applies. */
  get problem(): CharloomError | undefined {
    return this.#problemOf(this.#stored());
  }

  /**
   * Changes the currently stored settings: another Charloom may have changed them too.
   * @throws CharloomError 'storage', or 'incompatible' if a newer Charloom wrote the settings
   */
  async change(changes: Parameters<SettingsStore['change']>[0]): Promise<AppSettings> {
    const work = (): AppSettings => this.#change(withoutUndefined(changes));
    return this.#place.alone === undefined ? work() : this.#place.alone(work);
  }

  onChange(listener: (settings: AppSettings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #stored(): StoredSettings {
    return asStored(this.#place.read());
  }

  #problemOf(stored: StoredSettings): CharloomError | undefined {
    const version = upgradeToCurrent(stored, upgrades);
    return version.kind === 'newer' ? newerFileError(version, 'The settings', this.#place.path) : undefined;
  }

  #change(changes: Partial<AppSettings>): AppSettings {
    const stored = this.#stored();
    const problem = this.#problemOf(stored);
    if (problem !== undefined) throw problem;
    const kept = readSettings(stored);
    const { presets } = changes;
    const merged =
      presets === undefined
        ? {}
        : { presets: mergePresets({ before: this.#settings.presets, mine: presets, kept: kept.presets }) };
    const settings = appSettingsSchema.parse({ ...kept, ...changes, ...merged });
    try {
      this.#place.write(storedAfter(stored, changes, settings));
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
    const kept = readSettings(this.#stored());
    if (!isDeepStrictEqual(kept, this.#settings)) this.#hold(kept);
  }
}

function withoutUndefined<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
