import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DoubleCommandLine } from './command-line.ts';
import { DoubleEvent } from './event.ts';

interface ClosableWindow {
  close(): boolean;
}

/** `app`: what becomes of it is decided by the same events as in Electron. */
export class DoubleApp extends EventEmitter {
  readonly isPackaged = process.env['CHARLOOM_DOUBLE_PACKAGED'] === '1';
  readonly commandLine = new DoubleCommandLine();
  readonly dock = { show: (): Promise<void> => Promise.resolve() };
  readonly recentDocuments: string[] = [];
  appUserModelId = '';
  isSandboxed = false;
  isReadyNow = false;
  windows: () => readonly ClosableWindow[] = () => [];
  release: () => Promise<void> = () => Promise.resolve();
  readonly #home = process.env['CHARLOOM_DOUBLE_HOME'] ?? '';
  readonly #ready = Promise.withResolvers<undefined>();
  #isQuitting = false;

  enableSandbox(): void {
    if (this.isReadyNow) throw new Error('app.enableSandbox() can only be called before app is ready');
    if (this.commandLine.hasSwitch('no-sandbox')) {
      process.stderr.write(
        'FATAL: zygotes without a sandbox, pages with one (--no-sandbox, enableSandbox)\n',
      );
      process.exit(133);
    }
    this.isSandboxed = true;
  }

  requestSingleInstanceLock(): boolean {
    return process.env['CHARLOOM_DOUBLE_SECOND'] !== '1';
  }

  setAppUserModelId(id: string): void {
    this.appUserModelId = id;
  }

  addRecentDocument(path: string): void {
    this.recentDocuments.push(path);
  }

  getPath(name: string): string {
    const folder = join(this.#home, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  getAppPath(): string {
    return process.cwd();
  }

  getName(): string {
    return 'charloom';
  }

  getVersion(): string {
    return '0.0.0';
  }

  /** What Chromium knows of the computer's graphics: nothing, unless a test says otherwise. */
  gpuInfo: unknown = {};

  getGPUInfo(): Promise<unknown> {
    return Promise.resolve(this.gpuInfo);
  }

  whenReady(): Promise<undefined> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.isReadyNow;
  }

  becomeReady(): void {
    this.isReadyNow = true;
    this.emit('ready', new DoubleEvent());
    this.#ready.resolve(undefined);
  }

  /** Called by the program: what its listeners left to microtasks runs after it has returned. */
  quit(): void {
    this.#quit(() => undefined);
  }

  /** The same from a menu, the Dock or a signal: microtasks of the listeners run before Electron has taken their answer. */
  quitFromSystem(): void {
    setImmediate(() => this.#quit(runMicrotasks));
  }

  #quit(afterListeners: () => void): void {
    if (this.#isQuitting) return;
    const before = new DoubleEvent();
    this.emit('before-quit', before);
    afterListeners();
    // Also when a listener has quit once more, and was let through.
    this.#isQuitting = !before.defaultPrevented;
    if (!this.#isQuitting) return;
    const windows = this.windows();
    if (windows.length === 0) return this.#end();
    // Each asks its page first, so that it closes later.
    for (const window of windows) setImmediate(() => window.close());
  }

  closeCancelled(): void {
    this.#isQuitting = false;
  }

  /** A window has gone. */
  windowClosed(): void {
    if (this.windows().length > 0) return;
    if (this.#isQuitting) this.#end();
    else if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  #end(): void {
    const will = new DoubleEvent();
    this.emit('will-quit', will);
    if (will.defaultPrevented) {
      this.#isQuitting = false;
      return;
    }
    this.emit('quit', new DoubleEvent(), 0);
    this.exit(0);
  }

  exit(code = 0): void {
    void this.release().finally(() => process.exit(code));
  }
}

/** As the end of a call from native code into JavaScript does. */
function runMicrotasks(): void {
  const { _tickCallback } = process as unknown as { readonly _tickCallback: () => void };
  _tickCallback.call(process);
}
