/** The channel on which the preload script of the desktop application's hidden window gets the task of its page, and a port. */
export const graphicsChannel = 'charloom:graphics';

/** How it hands both on to the page; the task is checked there (graphics-page.ts). */
export interface GraphicsMessage {
  readonly charloomGraphics: unknown;
}
