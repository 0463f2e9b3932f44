import { encodeText } from '../engine/dataset/encode-text.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import { formatCount } from '../shared/format/numbers.ts';
import { unknownSentences } from '../shared/format/unknown-characters.ts';
import { allow, anySeed, settingsOf } from './controls.ts';
import type { Elements } from './elements.ts';
import { copyText, saveText } from './keep-text.ts';
import type { PageModel } from './model.ts';
import { TextView } from './text-view.ts';
import { Writer, type Rest } from './writer.ts';

/** Joins the controls, the writer and the text. */
export class Writing {
  readonly #elements: Elements;
  readonly #model: PageModel;
  readonly #view: TextView;
  readonly #writer: Writer;
  #settings: SampleSettings;
  #written = 0;

  constructor(elements: Elements, model: PageModel) {
    this.#elements = elements;
    this.#model = model;
    this.#settings = settingsOf(elements);
    this.#view = new TextView(elements.text);
    this.#writer = new Writer(model, {
      onOpening: ({ primeText }) => this.#view.begin(primeText),
      onSymbols: (symbols) => {
        for (const { text, probability } of symbols) this.#view.add(text, probability);
        this.#written += symbols.length;
      },
    });
  }

  /** Connects the controls. */
  listen(): void {
    const { controls, stop, dice, copy, save, print, opening, temperature, tint } = this.#elements;
    controls.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#write();
    });
    this.#elements.continue.addEventListener('click', () => void this.#continue());
    stop.addEventListener('click', () => this.#writer.stop());
    dice.addEventListener('click', () => (this.#elements.seed.value = String(anySeed())));
    opening.addEventListener('input', () => this.#nameUnknown());
    temperature.addEventListener('input', () => this.#showTemperature());
    tint.addEventListener('change', () => this.#showTint());
    copy.addEventListener('click', () => void this.#copy());
    save.addEventListener('click', () => saveText(this.#view.text, document.title));
    print.addEventListener('click', () => window.print());
    document.addEventListener('keydown', (event) => this.#hearKey(event));
    this.#nameUnknown();
    this.#showTemperature();
    this.#showTint();
    allow(this.#elements, { isWriting: false, hasText: false });
    this.#say('Ready.');
  }

  #hearKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#writer.stop();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#elements.controls.requestSubmit();
  }

  async #write(): Promise<void> {
    if (this.#elements.write.disabled) return;
    this.#settings = settingsOf(this.#elements);
    this.#written = 0;
    this.#view.begin('');
    await this.#until(this.#writer.write(this.#settings));
  }

  async #continue(): Promise<void> {
    const { valueAsNumber: length } = this.#elements.length;
    if (this.#elements.length.reportValidity()) await this.#until(this.#writer.continue(length));
  }

  /** A screen reader announces the beginning and the end of writing, not each character. */
  async #until(resting: Promise<Rest>): Promise<void> {
    this.#elements.made.hidden = true;
    allow(this.#elements, { isWriting: true, hasText: false });
    this.#say('Writing...');
    const rest = await resting;
    allow(this.#elements, { isWriting: false, hasText: this.#view.text !== '' });
    const symbols = `${formatCount(this.#written)} ${this.#model.vocabulary.mode}`;
    this.#say(rest === 'finished' ? `${symbols} written.` : `Stopped after ${symbols}.`);
    this.#tellSettings();
  }

  #tellSettings(): void {
    const { seed, temperature } = this.#settings;
    this.#elements.made.textContent = `Seed ${seed}, temperature ${temperature}, ${formatCount(this.#written)} ${this.#model.vocabulary.mode} after the opening words.`;
    this.#elements.made.hidden = false;
  }

  async #copy(): Promise<void> {
    const result = await copyText(this.#view.text, this.#elements.text);
    this.#say(result === 'copied' ? 'Copied.' : 'The text is selected: copy it with your browser.');
  }

  #nameUnknown(): void {
    const { unknown } = encodeText(this.#elements.opening.value, this.#model.vocabulary);
    this.#elements.openingNote.textContent =
      unknown.length === 0 ? '' : `The model does not know all of it: ${unknownSentences(unknown)}`;
  }

  #showTemperature(): void {
    this.#elements.temperatureValue.value = String(this.#elements.temperature.valueAsNumber);
  }

  #showTint(): void {
    const { checked } = this.#elements.tint;
    this.#elements.text.classList.toggle('tinted', checked);
    this.#elements.legend.hidden = !checked;
  }

  #say(words: string): void {
    this.#elements.status.textContent = words;
  }
}
