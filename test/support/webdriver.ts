import { until } from './until.ts';

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
type Element = Readonly<Record<typeof elementKey, string>>;

/** The protocol's codes of keys: https://www.w3.org/TR/webdriver2/#keyboard-actions. */
export const webDriverKeys = {
  ArrowRight: '\uE014',
  Enter: '\uE007',
  Escape: '\uE00C',
  Space: ' ',
  Paste: '\uE009v\uE000',
  SelectAll: '\uE009a\uE000',
} as const;
export type Key = keyof typeof webDriverKeys;

/** One browser window over the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/): as much of it as tests need. */
export class WebDriver {
  /** The address of the session, below which all commands are. */
  readonly #session: string;
  /** What the driver says of the browser. */
  readonly browser: string;

  private constructor(session: string, browser: string) {
    this.#session = session;
    this.browser = browser;
  }

  /**
   * Starts a browser.
   * @param driver address of a driver that listens
   */
  static async start(driver: string, capabilities: Readonly<Record<string, unknown>>): Promise<WebDriver> {
    const body = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId, capabilities: found } = await command<{
      readonly sessionId: string;
      readonly capabilities: { readonly browserName: string; readonly browserVersion: string };
    }>('POST', `${driver}/session`, body);
    return new WebDriver(
      `${driver}/session/${sessionId}`,
      `${found.browserName} ${found.browserVersion}`.trim(),
    );
  }

  async open(address: string): Promise<void> {
    await this.#post('url', { url: address });
  }

  /** The value of an expression in the page; a promise is waited for. */
  evaluate<T>(expression: string): Promise<T> {
    return this.#post('execute/sync', { script: `return ${expression};`, args: [] });
  }

  /** The first visible element at an XPath, as soon as there is one. */
  find(xpath: string, timeout?: number): Promise<string> {
    const script = 'return arguments[0].isConnected && arguments[0].checkVisibility()';
    const visible = async (): Promise<string | undefined> => {
      const elements = await this.#post<readonly Element[]>('elements', { using: 'xpath', value: xpath });
      for (const element of elements) {
        if (await this.#post<boolean>('execute/sync', { script, args: [element] }))
          return element[elementKey];
      }
      return undefined;
    };
    return until(`${xpath} appears`, visible, timeout);
  }

  async click(xpath: string): Promise<void> {
    await this.#post(`element/${await this.find(xpath)}/click`, {});
  }

  /** Replaces what is in a field by typing. */
  async fill(xpath: string, text: string): Promise<void> {
    const element = await this.find(xpath);
    await this.#post(`element/${element}/clear`, {});
    if (text !== '') await this.#post(`element/${element}/value`, { text });
  }

  async press(xpath: string, key: Key): Promise<void> {
    await this.#post(`element/${await this.find(xpath)}/value`, { text: webDriverKeys[key] });
  }

  /** Clicks a point of the window, in CSS pixels from its top left. */
  async clickAt(x: number, y: number): Promise<void> {
    const actions = [
      { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    await this.#post('actions', { actions: [{ type: 'pointer', id: 'mouse', actions }] });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#post('window/rect', { width, height });
  }

  /** What is visible, as PNG. */
  async picture(): Promise<Buffer> {
    return Buffer.from(await command<string>('GET', `${this.#session}/screenshot`), 'base64');
  }

  async close(): Promise<void> {
    await command('DELETE', this.#session);
  }

  #post<T>(path: string, body: object): Promise<T> {
    return command<T>('POST', `${this.#session}/${path}`, body);
  }
}

async function command<T>(method: string, address: string, body?: object): Promise<T> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { readonly value: T };
  if (response.ok) return value;
  const { error, message } = value as { readonly error: string; readonly message: string };
  throw new Error(`${new URL(address).pathname.split('/').slice(3).join('/')}: ${error}. ${message}`);
}
