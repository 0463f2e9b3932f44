/** `app.commandLine`: Chromium takes switches from anywhere among the words, and of two with one name the last. */
export class DoubleCommandLine {
  readonly #switches = new Map(
    process.argv
      .filter((word) => word.startsWith('--'))
      .map((word) => {
        const [name = '', ...value] = word.slice(2).split('=');
        return [name, value.join('=')] as const;
      }),
  );

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name, value);
  }
}
