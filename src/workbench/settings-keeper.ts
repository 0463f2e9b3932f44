import { storageError } from '../node/files/storage-error.ts';
import type { CharloomError } from '../shared/errors.ts';
import { appSettingsSchema, type AppSettings } from '../shared/domain/app.ts';
import { newerFileError, upgradeToCurrent, type VersionChain } from '../shared/versioned.ts';
import { asStored, readSettings, storedAfter, type StoredSettings } from './stored-settings.ts';
import type { SettingsStore } from './workbench-types.ts';

/** Where settings are written down: a store of the desktop's, or a file. */
export interface SettingsStorage {
  /** For people. */
  readonly path: string;
  read(): unknown;
  write(settings: StoredSettings): void;
}

/** The first format has no number in the file. */
const upgrades: VersionChain = { steps: [] };

/**
 * Keeps a person's settings in any place, with defaults for what is missing there or does not fit: one bad value costs no other. What another
 * version of Charloom wrote stays there; where a newer one says that this one cannot write, nothing is changed.
 */
export class SettingsKeeper implements SettingsStore {
  /** Why the settings cannot be changed: a newer Charloom wrote them. What of them can be read holds. */
  readonly problem: CharloomError | undefined;
  readonly #place: SettingsStorage;
  readonly #listeners = new Set<(settings: AppSettings) => void>();
  #stored: StoredSettings;
  #settings: AppSettings;

  constructor(place: SettingsStorage) {
    this.#place = place;
    this.#stored = asStored(place.read());
    this.#settings = readSettings(this.#stored);
    const version = upgradeToCurrent(this.#stored, upgrades);
    if (version.kind === 'newer') this.problem = newerFileError(version, 'The settings', place.path);
  }

  get(): AppSettings {
    return this.#settings;
  }

  /** @throws CharloomError 'storage', or 'incompatible' when a newer Charloom wrote the settings */
  change(changes: Parameters<SettingsStore['change']>[0]): AppSettings {
    if (this.problem !== undefined) throw this.problem;
    const given = withoutUndefined(changes);
    const settings = appSettingsSchema.parse({ ...this.#settings, ...given });
    const stored = storedAfter(this.#stored, given, settings);
    try {
      this.#place.write(stored);
    } catch (error) {
      throw storageError(error, 'keep the settings', this.#place.path);
    }
    this.#stored = stored;
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
    return settings;
  }

  onChange(listener: (settings: AppSettings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function withoutUndefined(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
