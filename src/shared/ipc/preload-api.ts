/**
 * What the preload script exposes to the pages as `window.charloom`: functions and plain data only, since nothing else crosses into a
 * page's context. Every answer is a reply (frames.ts), errors included.
 */
export interface PreloadApi {
  request(name: string, params: unknown): Promise<unknown>;
  /** The path is looked up outside the page, from the file that the user dropped or picked: a page cannot name one. */
  addText(file: File): Promise<unknown>;
  /** Adds a file or a folder as a part of a text. */
  addPart(file: File): Promise<unknown>;
  importModel(file: File): Promise<unknown>;
  exportCheckpoint(run: string, file: string, format: 'safetensors' | 'json'): Promise<unknown>;
  saveExport(ticket: string): Promise<unknown>;
  /** Asks for a port that carries streams; it arrives as a message to the window, `PortMessage`, with this nonce. */
  connect(nonce: string): Promise<unknown>;
}

/** The name under which pages find it. */
export const preloadName = 'charloom';

/** The channels between the preload script and the main process: all there are. */
export const channels = {
  request: 'charloom:request',
  addText: 'charloom:add-text',
  addPart: 'charloom:add-part',
  importModel: 'charloom:import-model',
  exportCheckpoint: 'charloom:export-checkpoint',
  saveExport: 'charloom:save-export',
  connect: 'charloom:connect',
  /** The only one from main to the preload script: a port, with the nonce of the request for it. */
  port: 'charloom:port',
} as const;

/** How a port reaches the page: a window message with one port and this data. */
export interface PortMessage {
  readonly charloomPort: string;
}
