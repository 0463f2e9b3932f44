import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import type { OtherBrowser, OtherPage } from './other-page.ts';
import { root } from './processes.ts';
import { RecordingProxy } from './recording-proxy.ts';
import { savedFile, type SavedFile } from './saved-file.ts';
import { temporaryFolder } from './texts.ts';
import { until } from './until.ts';
import { WebDriver, type Key } from './webdriver.ts';

const programs = ['WebKitWebDriver', 'Xvfb'];

/** A program: a page in a bare window. */
const window = join(root, 'test/support/webkit-window.py');
const bindings = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')";

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'WebKitGTK is for Linux only';
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  if (spawnSync('/usr/bin/python3', ['-c', bindings]).status !== 0)
    missing.push("WebKit's bindings for Python");
  return missing.length === 0
    ? undefined
    : `there is no ${missing.join(', ')} here (Debian: webkit2gtk-driver, gir1.2-webkit2-4.1, python3-gi, xvfb)`;
}

/** WebKitGTK through its WebDriver, on a display that is never shown. It has the engine of Safari, and is not Safari. */
export const webKit: OtherBrowser = {
  name: 'WebKitGTK',
  whyNot: whyNot(),
  start: async () => {
    const proxy = await RecordingProxy.start();
    const driver = await DriverProcess.start();
    try {
      return new WebKitPage(await driver.openWindow(proxy.address), driver, proxy);
    } catch (error) {
      await Promise.all([driver.end(), proxy.close()]);
      throw error;
    }
  },
};

/** The driver, its display and its browser: one group of processes with a home of its own. */
class DriverProcess {
  readonly complaints: string[] = [];
  /** Where the browser saves files. */
  readonly saved: string;
  readonly #home: string;
  readonly #process: ChildProcess;
  readonly #address: string;

  private constructor(home: string, port: number) {
    this.#home = home;
    this.saved = join(home, 'saved');
    this.#address = `http://127.0.0.1:${port}`;
    const words = ['scripts/with-display.ts', 'x11', 'WebKitWebDriver', '--host=127.0.0.1', `--port=${port}`];
    this.#process = spawn(process.execPath, words, {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(home),
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => this.#hear(line));
    }
  }

  static async start(): Promise<DriverProcess> {
    const home = temporaryFolder('webkit');
    chmodSync(home, 0o700);
    mkdirSync(join(home, 'saved'));
    mkdirSync(join(home, '.config'));
    writeFileSync(join(home, '.config/user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${join(home, 'saved')}"\n`);
    const driver = new DriverProcess(home, await freePort());
    const ready = async (): Promise<true | undefined> =>
      (await fetch(`${driver.#address}/status`)).ok ? true : undefined;
    await until('WebKitWebDriver listens', ready, 30_000);
    return driver;
  }

  openWindow(proxy: string): Promise<WebDriver> {
    return WebDriver.start(this.#address, {
      'webkitgtk:browserOptions': {
        binary: window,
        // Without any it would be started with those of the engine's own browser.
        args: ['--automation'],
      },
      proxy: { proxyType: 'manual', httpProxy: proxy, sslProxy: proxy, noProxy: ['127.0.0.1'] },
    });
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    process.kill(-(this.#process.pid ?? 0), 'SIGTERM');
    await ended;
    rmSync(this.#home, { recursive: true, force: true });
  }

  #hear(line: string): void {
    if (line.includes('CONSOLE')) this.complaints.push(line);
  }
}

/** Nothing of this machine's desktop, and no graphics card. */
function environment(home: string): NodeJS.ProcessEnv {
  const { PATH, LANG = 'C.UTF-8', TMPDIR } = process.env;
  return {
    ...{ PATH, LANG, TMPDIR, HOME: home, XDG_RUNTIME_DIR: home },
    ...{ GDK_BACKEND: 'x11', GSETTINGS_BACKEND: 'memory', NO_AT_BRIDGE: '1' },
    ...{ LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' },
  };
}

class WebKitPage implements OtherPage {
  readonly browser: string;
  readonly complaints: string[];
  readonly requests: string[];
  readonly #driver: DriverProcess;
  readonly #proxy: RecordingProxy;
  readonly #window: WebDriver;

  constructor(window: WebDriver, driver: DriverProcess, proxy: RecordingProxy) {
    this.browser = window.browser;
    this.complaints = driver.complaints;
    this.requests = proxy.requests;
    this.#driver = driver;
    this.#proxy = proxy;
    this.#window = window;
  }

  open(address: string): Promise<void> {
    return this.#window.open(address);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.#window.evaluate<T>(expression);
  }

  async waitFor(place: string, timeout?: number): Promise<void> {
    await this.#window.find(place, timeout);
  }

  click(place: string): Promise<void> {
    return this.#window.click(place);
  }

  fill(place: string, text: string): Promise<void> {
    return this.#window.fill(place, text);
  }

  press(place: string, key: Key): Promise<void> {
    return this.#window.press(place, key);
  }

  clickAt(x: number, y: number): Promise<void> {
    return this.#window.clickAt(x, y);
  }

  save(place: string): Promise<SavedFile> {
    return savedFile(this.#driver.saved, () => this.click(place));
  }

  async resize(width: number): Promise<void> {
    await this.#window.resize(width, 800);
    await until(`the window is ${width} pixels wide`, async () =>
      (await this.evaluate<number>('innerWidth')) === width ? true : undefined,
    );
  }

  async picture(path: string): Promise<void> {
    writeFileSync(path, await this.#window.picture());
  }

  async close(): Promise<void> {
    await this.#window.close();
    await Promise.all([this.#driver.end(), this.#proxy.close()]);
  }
}
