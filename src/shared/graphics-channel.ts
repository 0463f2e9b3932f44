/** The channel on which the preload script of the desktop application's hidden window receives the task of its page, and a port. */
export const graphicsChannel = 'charloom:graphics';

/** How it passes both on to the page, which checks the task (graphics-page.ts). */
export interface GraphicsMessage {
  readonly charloomGraphics: unknown;
}
