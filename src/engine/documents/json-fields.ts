import { documentLimits } from './limits.ts';
import { beyondLimits } from './reading.ts';

/** The name of a list of strings that has none. */
const namelessField = 'text';

/** The strings of JSON values by field: names joined by points, without list indices ("poem.text"). */
export class JsonFields {
  readonly #name: string;
  /** Names come from the file: in a Map, "__proto__" is an ordinary key. */
  readonly #values = new Map<string, string[]>();

  constructor(name: string) {
    this.#name = name;
  }

  get sources(): readonly { readonly name: string; readonly values: readonly string[] }[] {
    return Array.from(this.#values, ([name, values]) => ({ name, values }));
  }

  /**
   * Adds the strings of a value.
   * @throws CharloomError('bad-text') if it is nested too deeply
   */
  add(value: unknown): void {
    this.#walk(value, '', 0);
  }

  #walk(value: unknown, path: string, depth: number): void {
    if (depth > documentLimits.jsonDepth) throw beyondLimits(this.#name, 'its JSON is nested too deeply');
    if (typeof value === 'string') this.#put(path, value);
    else if (Array.isArray(value)) this.#walkList(value, path, depth);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        this.#walk(each, path === '' ? key : `${path}.${key}`, depth + 1);
      }
    }
  }

  #walkList(list: readonly unknown[], path: string, depth: number): void {
    const isLines = path !== '' && list.length > 0 && list.every((each) => typeof each === 'string');
    if (isLines) this.#put(path, list.join('\n'));
    else for (const each of list) this.#walk(each, path, depth + 1);
  }

  #put(path: string, value: string): void {
    const name = path === '' ? namelessField : path;
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }
}
