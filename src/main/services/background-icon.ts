import type { MenuItemConstructorOptions, Tray } from 'electron';

export interface BackgroundCommands {
  show(): void;
  quit(): void;
}

/** Maximum length of a tooltip on Windows. */
const maxLength = 127;

/** The icon next to the clock while Charloom runs without a window. On desktops without a place for one, starting Charloom again restores the window. */
export class BackgroundIcon {
  readonly #create: (template: MenuItemConstructorOptions[]) => Tray;
  readonly #commands: BackgroundCommands;
  #tray: Tray | undefined;
  #words = 'Charloom';

  constructor(create: (template: MenuItemConstructorOptions[]) => Tray, commands: BackgroundCommands) {
    this.#create = create;
    this.#commands = commands;
  }

  /** Its tooltip. */
  describe(words: string): void {
    const whole = `Charloom · ${words}`;
    this.#words = whole.length > maxLength ? `${whole.slice(0, maxLength - 1)}…` : whole;
    this.#tray?.setToolTip(this.#words);
  }

  show(): void {
    if (this.#tray !== undefined) return;
    const tray = this.#create([
      { label: 'Show Charloom', click: () => this.#commands.show() },
      { type: 'separator' },
      { label: 'Stop, save and quit', click: () => this.#commands.quit() },
    ]);
    tray.setToolTip(this.#words);
    tray.on('click', () => this.#commands.show());
    this.#tray = tray;
  }

  hide(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }
}
