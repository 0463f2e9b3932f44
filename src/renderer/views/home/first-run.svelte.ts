import { defaultRunSettings, type RunSettings } from '../../../shared/domain/run-settings.ts';
import type { Text } from '../../../shared/domain/text.ts';
import { describeProblem } from '../../../shared/errors.ts';
import type { OpenStream } from '../../../shared/ipc/contract.ts';
import { planChunks } from '../../../shared/planning/plan.ts';
import { resolvePreset } from '../../../shared/planning/presets.ts';
import type { AppState } from '../../stores/app-state.ts';
import { nameFrom } from '../../stores/draft.svelte.ts';
import { Inspection } from '../../stores/inspection.svelte.ts';

/** A first run that needs no decision but the text: the quickest preset, and how long it takes on this computer. */
export class FirstRun {
  text = $state.raw<Text | null>(null);
  /** Settings for the text; null until it is read. */
  settings = $state.raw<RunSettings | null>(null);
  /** Milliseconds that the run will take; null until it is measured. */
  duration = $state.raw<number | null>(null);
  /** Why this text cannot be trained on as it is. */
  problem = $state.raw<string | null>(null);
  isStarting = $state(false);

  readonly #app: AppState;
  #inspection: Inspection | null = null;
  #trial: OpenStream<'runs.forecast'> | null = null;

  constructor(app: AppState) {
    this.#app = app;
  }

  /** Reads a text, then measures what a run on it takes. */
  open(text: Text): void {
    this.close();
    this.text = text;
    this.settings = null;
    this.duration = null;
    this.problem = null;
    const { symbols, lineEnds, batchSize, sequenceLength } = defaultRunSettings;
    const { trainFraction, validationFraction } = defaultRunSettings;
    const reading = { encoding: null, symbols, lineEnds };
    const cut = { batchSize, sequenceLength, trainFraction, validationFraction };
    const inspection = new Inspection(this.#app.bridge, text.id, reading, cut);
    this.#inspection = inspection;
    inspection.listen((item) => {
      if (item.kind !== 'report' || this.#inspection !== inspection) return;
      inspection.rest();
      const { characters, vocabulary } = item.report;
      this.#prepare(text, { characters, vocabularySize: vocabulary.length });
    });
    inspection.ended.catch((error: unknown) => {
      if (this.#inspection === inspection) this.problem = describeProblem(error);
    });
  }

  close(): void {
    this.#inspection?.close();
    this.#inspection = null;
    this.#trial?.close();
    this.#trial = null;
  }

  /** Starts the run and opens it. */
  async start(): Promise<void> {
    const { bridge, library, router, messages } = this.#app;
    const { text, settings } = this;
    if (text === null || settings === null || this.isStarting) return;
    const { backend, threads } = library.settings;
    const request = { text: text.id, encoding: null, settings, backend, threads, initializeFrom: null };
    this.isStarting = true;
    const runs = await messages.attempt(
      () => bridge.request('runs.start', { requests: [request] }),
      'first run',
    );
    this.isStarting = false;
    const [run] = runs ?? [];
    if (run !== undefined) router.go({ view: 'run', run: run.id });
  }

  #prepare(text: Text, size: { readonly characters: number; readonly vocabularySize: number }): void {
    if (size.characters === 0) {
      this.problem = 'This text is empty.';
      return;
    }
    const settings = {
      ...defaultRunSettings,
      ...resolvePreset('quick', size),
      name: nameFrom(text.title),
    };
    const { warnings } = planChunks({ ...settings, characters: size.characters });
    this.problem = warnings.find(({ blocking }) => blocking)?.message ?? null;
    if (this.problem !== null) return;
    this.settings = settings;
    this.#measure(settings, size);
  }

  #measure(
    settings: RunSettings,
    size: { readonly characters: number; readonly vocabularySize: number },
  ): void {
    const { bridge, library } = this.#app;
    const { backend, threads } = library.settings;
    const trial = bridge.open('runs.forecast', { settings, ...size, backend, threads }, (item) => {
      if (this.#trial === trial && item.kind === 'forecast') this.duration = item.forecast.duration;
    });
    this.#trial = trial;
    // The run can start without an estimate.
    trial.ended.catch(() => undefined);
  }
}
