import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Frame, Page, Route } from 'playwright-core';
import { DoubleEvent } from './event.ts';
import { toApp, toBrowser, type DoubleBrowser } from './browser.ts';
import { invokeName, portName, preloadScript, receiveName } from './page-side.ts';
import type { DoublePort } from './ports.ts';
import type { DoubleSession } from './session.ts';

type IpcHandler = (event: object, ...words: readonly unknown[]) => unknown;

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly show?: boolean;
  readonly webPreferences?: { readonly preload?: string; readonly partition?: string };
}

/** What windows share: set up by electron.ts. */
export interface Surroundings {
  browser(): Promise<DoubleBrowser>;
  session(partition: string | undefined): DoubleSession;
  readonly ipcHandlers: Map<string, IpcHandler>;
  created(contents: DoubleContents): void;
  /** A page has loaded. */
  loaded(): void;
  closed(): void;
  /** A page prevented its window from closing. */
  closeCancelled(): void;
}

/** `WebContents`, over a page of Chromium. */
export class DoubleContents extends EventEmitter {
  readonly options: WindowOptions;
  readonly session: DoubleSession;
  readonly #surroundings: Surroundings;
  readonly #ports = new Map<number, DoublePort>();
  readonly mainFrame: { readonly url: string; postMessage: (...words: readonly unknown[]) => void };
  windowOpenHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({
    action: 'allow',
  });
  page: Page | undefined;
  #nextPort = 0;
  #hasLoaded = false;
  #isClosed = false;

  constructor(options: WindowOptions, surroundings: Surroundings) {
    super();
    this.options = options;
    this.#surroundings = surroundings;
    this.session = surroundings.session(options.webPreferences?.partition);
    const address = (): string => this.getURL();
    this.mainFrame = {
      get url() {
        return address();
      },
      postMessage: (channel, message, ports) =>
        this.#post(String(channel), message, ports as readonly DoublePort[] | undefined),
    };
  }

  /** Electron refuses a window that has gone. */
  postMessage(channel: string, message: unknown, ports: readonly DoublePort[] = []): void {
    if (this.isDestroyed()) throw new TypeError('Object has been destroyed');
    this.#post(channel, structuredClone(message), ports);
  }

  getLastWebPreferences(): object {
    return this.options.webPreferences ?? {};
  }

  setWindowOpenHandler(handler: typeof this.windowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  getURL(): string {
    return toApp(this.page?.url() ?? '');
  }

  isDestroyed(): boolean {
    return this.#isClosed || this.page?.isClosed() === true;
  }

  async load(address: string): Promise<void> {
    const { context } = await this.#surroundings.browser();
    const page = await context.newPage();
    this.page = page;
    // Closed while it was made.
    if (this.#isClosed) {
      await page.close();
      throw new Error('ERR_FAILED (-2)');
    }
    const { width = 800, height = 600, webPreferences } = this.options;
    await page.setViewportSize({ width, height });
    await page.exposeBinding(invokeName, ({ frame }, channel: string, words: readonly unknown[]) =>
      this.#invoke(frame, channel, words),
    );
    await page.exposeBinding(portName, (_source, id: number, kind: string, data: unknown) => {
      if (kind === 'close') this.#ports.get(id)?.close();
      else this.#ports.get(id)?.postMessage(data);
    });
    page.on('crash', () => {
      this.#closePorts();
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
    });
    if (webPreferences?.preload !== undefined) {
      await page.addInitScript({ content: preloadScript(readFileSync(webPreferences.preload, 'utf8')) });
    }
    await page.route('**/*', (route) => this.#answer(route));
    page.on('popup', (popup) => {
      // Electron never makes the window; here it can only be taken away again.
      if (this.windowOpenHandler({ url: popup.url() }).action === 'deny') void popup.close();
    });
    await page.goto(toBrowser(address));
    this.#hasLoaded = true;
    this.emit('did-finish-load');
  }

  /** Ends the page's process, like a crash. */
  forcefullyCrashRenderer(): void {
    const { page } = this;
    if (page === undefined) return;
    // The page that crashes answers nothing any more.
    void page
      .context()
      .newCDPSession(page)
      .then((session) => session.send('Page.crash'))
      .catch(() => undefined);
  }

  reload(): void {
    this.#hasLoaded = false;
    this.#closePorts();
    void this.page?.reload().then(() => (this.#hasLoaded = true));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closePorts();
    await this.page?.close().catch(() => undefined);
  }

  /** Pages, and navigation, which the application may prevent; what it lets through really leads somewhere. */
  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const address = toApp(request.url());
    if (request.isNavigationRequest() && this.#hasLoaded && request.frame() === this.page?.mainFrame()) {
      const event = Object.assign(new DoubleEvent(), { url: address, isMainFrame: true });
      this.emit('will-navigate', event, address);
      // An answer without content leaves the page where it is, as if it had never gone.
      if (event.defaultPrevented) return route.fulfill({ status: 204 });
      // Another document, or the same again. A change of only the fragment requests nothing and keeps them.
      this.#closePorts();
    }
    if (!this.session.lets(address)) return route.abort('blockedbyclient');
    const handler = this.session.schemes.get(URL.parse(address)?.protocol.replace(/:$/, '') ?? '');
    if (handler === undefined) {
      return route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Elsewhere</h1>' });
    }
    const response = await handler(new Request(address, { method: request.method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  async #invoke(frame: Frame, channel: string, words: readonly unknown[]): Promise<unknown> {
    const handler = this.#surroundings.ipcHandlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const isMain = frame === this.page?.mainFrame();
    const senderFrame = isMain ? this.mainFrame : { url: toApp(frame.url()), postMessage: () => undefined };
    return structuredClone(await handler({ sender: this, senderFrame }, ...words));
  }

  #post(channel: string, message: unknown, [port]: readonly DoublePort[] = []): void {
    const id = this.#nextPort++;
    if (port !== undefined) {
      this.#ports.set(id, port);
      port.on('message', ({ data }: { readonly data: unknown }) => this.#send('port', id, data, id));
      port.on('close', () => this.#send('close', id, null, id));
      port.start();
    }
    this.#send('channel', channel, message, id);
  }

  #send(...words: readonly unknown[]): void {
    this.page
      ?.evaluate(
        ([name, ...rest]) =>
          (globalThis as unknown as Record<string, (...words: readonly unknown[]) => void>)[String(name)]?.(
            ...rest,
          ),
        [receiveName, ...words],
      )
      // The page is gone, and with it everything that was pending.
      .catch(() => undefined);
  }

  #closePorts(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }
}
