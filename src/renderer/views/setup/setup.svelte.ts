import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import { defaultRunSettings, runSettingsSchema } from '../../../shared/domain/run-settings.ts';
import type { RunRequest } from '../../../shared/domain/run.ts';
import type { SweepSpace } from '../../../shared/domain/sweep-space.ts';
import type { BackendChoice } from '../../../shared/domain/backends.ts';
import { isBusy } from '../../../shared/domain/run-state.ts';
import {
  isPreset,
  resolvePreset,
  type PresetKey,
  type PresetSettings,
} from '../../../shared/planning/presets.ts';
import type { AppState } from '../../stores/app-state.ts';
import type { Route } from '../../stores/router.svelte.ts';
import { architectureOf, type Architecture } from '../../../shared/domain/model-spec.ts';
import type { SweepAxis } from './sweep.ts';
import { sweepLimits, type SweepLimits } from './sweep-limits.ts';

export interface Change {
  /** Where it was requested, and can be undone. */
  readonly place: 'presets' | 'recipe' | 'plan' | 'settings';
  /** One sentence: what has been done. */
  readonly done: string;
  readonly before: Partial<RunSettings>;
}

const setups = new WeakMap<AppState, Setup>();

/** The setup of a session: it outlives the page, so that nothing is lost by opening another page and returning. */
export function setupOf(session: AppState): Setup {
  const setup = setups.get(session) ?? new Setup(session);
  setups.set(session, setup);
  return setup;
}

/** The page's own state, besides the draft. Getters, because a derived value ends with the page that first read it. */
export class Setup {
  isFull = $state(false);
  /** Null: as in the app's settings. */
  backendChoice = $state.raw<BackendChoice | null>(null);
  threadsChoice = $state.raw<number | null>(null);
  /** Settings that are to have several values. */
  axes = $state.raw<readonly SweepAxis[]>([]);
  /** Number of runs of each combination, with consecutive seeds. */
  seeds = $state(1);
  /** Whether runs of a sweep that fall behind are stopped. */
  stopsEarly = $state(false);
  /** Hours that all runs of a sweep may take together, as typed; empty for no limit. */
  typedHours = $state('');
  change = $state.raw<Change | null>(null);
  isStarting = $state(false);

  readonly #session: AppState;
  /** Texts that were prepared before in this session: their settings are the user's own. */
  #visited: readonly string[] = [];
  /** The model as it was set up before that of a checkpoint was taken. */
  #ownModel: Architecture | null = null;
  #preset: { readonly key: PresetKey; readonly settings: PresetSettings } | null = null;

  constructor(session: AppState) {
    this.#session = session;
  }

  get backend(): BackendChoice {
    return this.backendChoice ?? this.#session.library.settings.backend;
  }

  get threads(): number {
    return this.threadsChoice ?? this.#session.library.settings.threads;
  }

  get limits(): SweepLimits {
    return sweepLimits(this);
  }

  /** A trial would slow down a training run, and its measurement would be wrong. A paused run causes neither. */
  get isTraining(): boolean {
    return this.#session.library.active.some(({ state }) => state !== 'paused');
  }

  /** Whether a run started now has to wait. */
  get queues(): boolean {
    return this.#session.library.runs.some(({ state }) => isBusy(state));
  }

  /** Why no run can be started; null when one can. */
  get obstacle(): string | null {
    const { draft } = this.#session;
    const checked = runSettingsSchema.safeParse(draft.settings);
    if (!checked.success) return `${checked.error.issues[0]?.message ?? 'A setting is not allowed'}.`;
    if (draft.plan === null) return 'The text has not been read yet.';
    return draft.plan.warnings.find(({ blocking }) => blocking)?.message ?? null;
  }

  /** Changes settings in a way that can be undone. */
  apply(place: Change['place'], done: string, changes: Partial<RunSettings>): void {
    const { draft } = this.#session;
    const keys = Object.keys(changes) as (keyof RunSettings)[];
    const before = Object.fromEntries(keys.map((key) => [key, draft.settings[key]]));
    this.change = { place, done, before: before as Partial<RunSettings> };
    draft.change(changes);
  }

  undo(): void {
    if (this.change !== null) this.#session.draft.change(this.change.before);
    this.change = null;
  }

  usePreset(key: PresetKey, settings: PresetSettings): void {
    this.#preset = { key, settings };
  }

  /** The run uses the model of its starting checkpoint; `giveModelBack` restores the earlier settings. */
  takeModel(taken: Architecture): void {
    const { draft } = this.#session;
    const own = architectureOf(draft.settings);
    if (JSON.stringify(taken) === JSON.stringify(own)) return;
    this.#ownModel ??= own;
    draft.change(taken);
  }

  /** The run starts from random weights after all. */
  giveModelBack(): void {
    if (this.#ownModel !== null) this.#session.draft.change(this.#ownModel);
    this.#ownModel = null;
  }

  /** The user has custom settings for this text. */
  keepSettings(text: string): void {
    this.#visited = [...this.#visited, text];
  }

  /**
   * The first time a text is prepared, it gets the preset of the previous text, or "A good model"; settings changed by the user are never touched.
   */
  settle(): void {
    const { draft } = this.#session;
    const { text, settings, characters, vocabularySize } = draft;
    if (text === null || characters === null || vocabularySize === null) return;
    if (this.#visited.includes(text)) return;
    this.#visited = [...this.#visited, text];
    const preset = this.#preset;
    const isUntouched = preset === null ? isDefault(settings) : isPreset(settings, preset.settings);
    if (!isUntouched || draft.initializeFrom !== null || characters === 0) return;
    const key = preset?.key ?? 'good';
    const resolved = resolvePreset(key, { characters, vocabularySize });
    this.usePreset(key, resolved);
    draft.change(resolved);
  }

  /** Starts one run, or as many as a space has. */
  async start(space: SweepSpace | null): Promise<void> {
    const { bridge, draft, router, messages } = this.#session;
    const { text, encoding, settings, initializeFrom, vocabulary } = draft;
    if (text === null || this.isStarting) return;
    const { backend, threads } = this;
    const run: RunRequest = {
      text,
      encoding,
      settings,
      backend,
      threads,
      initializeFrom,
      ...(vocabulary === null ? {} : { vocabulary }),
    };
    this.isStarting = true;
    const place = await messages.attempt(async (): Promise<Route | undefined> => {
      if (space !== null) {
        const { earlyStopping, hours } = this.limits;
        const sweep = await bridge.request('sweeps.start', { run, space, earlyStopping, hours });
        return { view: 'sweeps', sweep: sweep.id };
      }
      const [first] = await bridge.request('runs.start', { requests: [run] });
      return first && { view: 'run', run: first.id };
    });
    this.isStarting = false;
    if (place !== undefined) router.go(place);
  }
}

function isDefault(settings: RunSettings): boolean {
  const { name, symbols, lineEnds } = settings;
  const expected: RunSettings = { ...defaultRunSettings, name, symbols, lineEnds };
  return (Object.keys(expected) as (keyof RunSettings)[]).every((key) => settings[key] === expected[key]);
}
