import type { SavedFile } from './saved-file.ts';
import type { Key } from './webdriver.ts';

/** A window of a browser, driven as a person does. Places are XPath expressions (support/xpath.ts). */
export interface OtherPage {
  /** The browser and its version. */
  readonly browser: string;
  /** Everything on its console, uncaught errors and violations of the page's policy included. */
  readonly complaints: string[];
  /** Everything it asked the network for. A page from a file asks for nothing. */
  readonly requests: string[];
  open(address: string): Promise<void>;
  /** The value of an expression in the page; a promise is waited for. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until something visible is there. */
  waitFor(place: string, timeout?: number): Promise<void>;
  click(place: string): Promise<void>;
  /** Replaces what is in a field. */
  fill(place: string, text: string): Promise<void>;
  press(place: string, key: Key): Promise<void>;
  /** Clicks a point of the window, in CSS pixels from its top left. */
  clickAt(x: number, y: number): Promise<void>;
  /** Clicks what makes the browser save a file, and reads that file. */
  save(place: string): Promise<SavedFile>;
  /** Makes the page's window that wide. */
  resize(width: number): Promise<void>;
  /** A picture of the window, as PNG. */
  picture(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface OtherBrowser {
  readonly name: string;
  /** Why it cannot be tested on this machine; undefined if it can. */
  readonly whyNot: string | undefined;
  /** Starts it. The caller closes it. */
  readonly start: () => Promise<OtherPage>;
}
