import type { MenuItemConstructorOptions, Tray } from 'electron';

export interface BackgroundCommands {
  show(): void;
  quit(): void;
}

/** The icon beside the clock while Charloom works without a window. Where a desktop has no place for one, a second start brings the window back. */
export class BackgroundIcon {
  readonly #create: (template: MenuItemConstructorOptions[]) => Tray;
  readonly #commands: BackgroundCommands;
  #tray: Tray | undefined;

  constructor(create: (template: MenuItemConstructorOptions[]) => Tray, commands: BackgroundCommands) {
    this.#create = create;
    this.#commands = commands;
  }

  show(): void {
    if (this.#tray !== undefined) return;
    const tray = this.#create([
      { label: 'Show Charloom', click: () => this.#commands.show() },
      { type: 'separator' },
      { label: 'Stop, save and quit', click: () => this.#commands.quit() },
    ]);
    tray.setToolTip('Charloom is training');
    tray.on('click', () => this.#commands.show());
    this.#tray = tray;
  }

  hide(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }
}
