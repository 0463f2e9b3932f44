/** `app.commandLine`: Chromium takes switches from anywhere among the words. */
export class DoubleCommandLine {
  readonly #switches = new Set(
    process.argv.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0] ?? ''),
  );

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  appendSwitch(name: string): void {
    this.#switches.add(name);
  }
}
