import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** An event whose default can be prevented. */
export class DoubleEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

interface ClosableWindow {
  close(): boolean;
}

/** `app`: what becomes of it is decided by the same events as in Electron. */
export class DoubleApp extends EventEmitter {
  readonly isPackaged = process.env['CHARLOOM_DOUBLE_PACKAGED'] === '1';
  readonly commandLine = { appendSwitch: (): void => undefined };
  readonly dock = { show: (): Promise<void> => Promise.resolve() };
  readonly recentDocuments: string[] = [];
  isSandboxed = false;
  isReadyNow = false;
  windows: () => readonly ClosableWindow[] = () => [];
  release: () => Promise<void> = () => Promise.resolve();
  readonly #home = process.env['CHARLOOM_DOUBLE_HOME'] ?? '';
  readonly #ready = Promise.withResolvers<undefined>();
  #isQuitting = false;

  enableSandbox(): void {
    if (this.isReadyNow) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.isSandboxed = true;
  }

  requestSingleInstanceLock(): boolean {
    return process.env['CHARLOOM_DOUBLE_SECOND'] !== '1';
  }

  setAppUserModelId(): void {}

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

  quit(): void {
    const before = new DoubleEvent();
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.#isQuitting = true;
    const isClosed = this.windows().every((window) => window.close());
    if (isClosed) this.#end();
    else this.#isQuitting = false;
  }

  /** A window has gone. */
  windowClosed(): void {
    if (this.windows().length > 0 || this.#isQuitting) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  #end(): void {
    const will = new DoubleEvent();
    this.emit('will-quit', will);
    if (will.defaultPrevented) return;
    this.emit('quit', new DoubleEvent(), 0);
    this.exit(0);
  }

  exit(code = 0): void {
    void this.release().finally(() => process.exit(code));
  }
}
