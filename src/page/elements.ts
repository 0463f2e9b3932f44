/** The elements that the page's HTML has (src/engine/exchange/page/markup.ts), by their ids. */

function find<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${id}.`);
}

export function findElements() {
  const input = (id: string): HTMLInputElement => find(id, HTMLInputElement);
  const button = (id: string): HTMLButtonElement => find(id, HTMLButtonElement);
  const any = (id: string): HTMLElement => find(id, HTMLElement);
  return {
    controls: find('controls', HTMLFormElement),
    opening: find('opening', HTMLTextAreaElement),
    openingNote: any('opening-note'),
    temperature: input('temperature'),
    temperatureValue: find('temperature-value', HTMLOutputElement),
    seed: input('seed'),
    length: input('length'),
    tint: input('tint'),
    dice: button('dice'),
    write: button('write'),
    stop: button('stop'),
    continue: button('continue'),
    copy: button('copy'),
    save: button('save'),
    print: button('print'),
    problem: any('problem'),
    status: any('status'),
    text: any('text'),
    made: any('made'),
    legend: any('legend'),
  };
}

export type Elements = ReturnType<typeof findElements>;

/** The text in a script element that no browser runs. */
export function dataIn(id: string): string {
  return find(id, HTMLScriptElement).textContent;
}
