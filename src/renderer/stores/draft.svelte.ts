import { untrack } from 'svelte';
import type { Bridge } from '../../shared/ipc/contract.ts';
import type { ModelReference } from '../../shared/domain/run.ts';
import type { Cut, Reading } from '../../shared/domain/text.ts';
import { defaultRunSettings, type RunSettings } from '../../shared/domain/run-settings.ts';
import type { VocabularyChoice } from '../../shared/domain/symbol-fit.ts';
import { planChunks } from '../../shared/planning/plan.ts';
import type { ChunkPlan, PlanFix } from '../../shared/planning/plan-types.ts';
import { DraftMemory, nowhere, type RememberedDraft } from './draft-memory.ts';
import { Inspection } from './inspection.svelte.ts';

/**
 * The run that is being prepared: one text, how it is read, and the settings. Text, Run setup and every view of the plan share it, so that a slider
 * moved on one page has moved on the other.
 */
export class Draft {
  text = $state.raw<string | null>(null);
  encoding = $state.raw<string | null>(null);
  settings = $state.raw<RunSettings>(defaultRunSettings);
  inspection = $state.raw<Inspection | null>(null);
  /**
   * The model whose weights the run starts from; null: random weights. It stays when the text changes, because a model may continue with another
   * text; Run setup shows it and can remove it.
   */
  initializeFrom = $state.raw<ModelReference | null>(null);
  /** What the run reads of the text if it uses that model's symbols; null: the text as it is. Set by Run setup. */
  translated = $state.raw<{ readonly characters: number; readonly vocabularySize: number } | null>(null);
  /**
   * Settings that a verdict proposes for a new run: written here before `#/setup/<text>/<run>` opens. Run setup takes the settings of `<run>`, then
   * applies these over them, and sets this to null.
   */
  proposal = $state.raw<Partial<RunSettings> | null>(null);

  readonly characters = $derived(this.translated?.characters ?? this.inspection?.known?.characters ?? null);
  readonly vocabularySize = $derived(
    this.translated?.vocabularySize ?? this.inspection?.known?.vocabulary.length ?? null,
  );
  /** How the text would be split; null until its length is known. Fast enough to follow a slider. */
  readonly plan = $derived<ChunkPlan | null>(
    this.characters === null ? null : planChunks({ ...this.settings, characters: this.characters }),
  );

  #vocabulary = $state.raw<{
    readonly text: string;
    readonly model: string;
    readonly choice: VocabularyChoice;
  } | null>(null);

  readonly #bridge: Bridge;
  readonly #memory: DraftMemory;
  /** The draft from before the page was reloaded; used once, when its text is opened. */
  #recalled: RememberedDraft | null;

  constructor(bridge: Bridge, memory: DraftMemory = new DraftMemory(nowhere)) {
    this.#bridge = bridge;
    this.#memory = memory;
    this.#recalled = memory.recall();
  }

  /** Opens a text; does nothing if it is open already. An effect that calls this gains no dependencies. */
  open(text: string, title: string): void {
    untrack(() => {
      const isOpen = this.inspection?.problem === null && !this.inspection.isResting;
      if (this.text === text && isOpen) return;
      if (this.#recalled?.text === text) {
        this.encoding = this.#recalled.encoding;
        this.settings = this.#recalled.settings;
      } else if (this.text !== text) {
        this.encoding = null;
        this.settings = { ...this.settings, name: nameFrom(title) };
      }
      this.#recalled = null;
      this.text = text;
      this.#read();
    });
  }

  /** The text is not visible at the moment; opening it again reads it again. */
  rest(): void {
    this.inspection?.rest();
  }

  /** Reads the text again after something went wrong. */
  readAgain(): void {
    this.#read();
  }

  /** Changes settings. How the text is read decides its symbols, so a change of that reads it again. */
  change(changes: Partial<RunSettings>): void {
    const before = this.settings;
    this.settings = { ...before, ...changes };
    this.#keep();
    const isReadAnew = before.symbols !== this.settings.symbols || before.lineEnds !== this.settings.lineEnds;
    if (isReadAnew) this.#read();
  }

  applyFix(fix: PlanFix): void {
    this.change(fix);
  }

  /** Null: guess. */
  chooseEncoding(encoding: string | null): void {
    this.encoding = encoding;
    this.#read();
  }

  /** What happens to symbols if the model's differ from the text's; null until chosen. */
  get vocabulary(): VocabularyChoice | null {
    const chosen = this.#vocabulary;
    if (chosen === null || this.initializeFrom === null || chosen.text !== this.text) return null;
    return chosen.model === JSON.stringify(this.initializeFrom) ? chosen.choice : null;
  }

  /** The choice applies to the current starting model and one text. */
  chooseVocabulary(choice: VocabularyChoice, text = this.text): void {
    if (text !== null) this.#vocabulary = { text, model: JSON.stringify(this.initializeFrom), choice };
  }

  get cut(): Cut {
    const { batchSize, sequenceLength, trainFraction, validationFraction } = this.settings;
    return { batchSize, sequenceLength, trainFraction, validationFraction };
  }

  get reading(): Reading {
    return { encoding: this.encoding, symbols: this.settings.symbols, lineEnds: this.settings.lineEnds };
  }

  #keep(): void {
    if (this.text === null) return;
    this.#memory.keep({ text: this.text, encoding: this.encoding, settings: this.settings });
  }

  #read(): void {
    this.#keep();
    const before = this.inspection;
    before?.close();
    const known = before?.text === this.text ? (before?.known ?? null) : null;
    this.inspection =
      this.text === null ? null : new Inspection(this.#bridge, this.text, this.reading, this.cut, known);
  }
}

/** A run's name from a file's or a book's: "Moby Dick" stays, "my_novel (2).txt" becomes "my_novel 2", "Alice's" keeps its apostrophe. */
export function nameFrom(title: string): string {
  const plain = title
    .replace(/\.[^.]{1,8}$/, '')
    .replace(/[^\p{L}\p{N} ._'’-]+/gu, ' ')
    // Quotation marks written as apostrophes are at a word's edge.
    .replace(/(?<![\p{L}\p{N}])['’]+|['’]+(?![\p{L}\p{N}])/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[ ._-]+/, '');
  return Array.from(plain).slice(0, 60).join('').trim() || 'my text';
}
