import { drawn, tintLevel, type TintLevel } from '../shared/format/tint.ts';

/** Draws a text as it grows: neighbouring symbols of one likelihood are one element. */
export class TextView {
  readonly #element: HTMLElement;
  #parts: string[] = [];
  #last: { readonly level: TintLevel; readonly node: Text } | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** The text so far, the opening words first. */
  get text(): string {
    return this.#parts.join('');
  }

  begin(openingWords: string): void {
    this.#parts = [openingWords];
    this.#last = undefined;
    this.#element.replaceChildren();
    if (openingWords !== '') this.#append('opening', openingWords);
  }

  add(text: string, probability: number): void {
    if (text === '') return;
    this.#parts.push(text);
    const level = tintLevel(probability);
    if (this.#last?.level === level) this.#last.node.appendData(drawn(text));
    else this.#last = { level, node: this.#append(level, text) };
  }

  #append(name: string, text: string): Text {
    const node = document.createTextNode(drawn(text));
    const part = document.createElement('span');
    part.className = name;
    part.append(node);
    this.#element.append(part);
    return node;
  }
}
