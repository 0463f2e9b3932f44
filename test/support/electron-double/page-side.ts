/** The names by which the page and the double's main side call each other. */
export const invokeName = '__charloomDoubleInvoke';
export const portName = '__charloomDoublePort';
export const receiveName = '__charloomDoubleReceive';
export const pathsName = '__charloomDoublePaths';

/**
 * A script for the page that runs a built preload script with its own `require`. A preload script may require what Electron allows a sandboxed one.
 */
export function preloadScript(preload: string): string {
  return `(${setUp.toString()})(${JSON.stringify({ invokeName, portName, receiveName, pathsName })}, (require, module, exports) => {
${preload}
});`;
}

interface Names {
  readonly invokeName: string;
  readonly portName: string;
  readonly receiveName: string;
  readonly pathsName: string;
}

/** Runs in the page, as text: it may use nothing from outside itself. */
function setUp(
  names: Names,
  preload: (require: (name: string) => unknown, module: { exports: object }, exports: object) => void,
): void {
  type Listener = (event: { readonly ports: readonly MessagePort[] }, ...words: readonly unknown[]) => void;
  const page = globalThis as unknown as Record<string, (...words: readonly unknown[]) => Promise<unknown>>;
  const listeners = new Map<string, Listener[]>();
  const ports = new Map<number, MessagePort>();
  const paths: Record<string, string> = {};
  Object.defineProperty(globalThis, names.pathsName, { value: paths });

  const receive = (kind: string, key: string | number, data: unknown, portId: number): void => {
    if (kind === 'port') return ports.get(Number(key))?.postMessage(data);
    if (kind === 'close') return ports.get(Number(key))?.close();
    const channel = new MessageChannel();
    ports.set(portId, channel.port1);
    channel.port1.onmessage = (event) => void page[names.portName]?.(portId, 'message', event.data);
    channel.port1.addEventListener('close', () => void page[names.portName]?.(portId, 'close', null));
    for (const listener of listeners.get(String(key)) ?? []) listener({ ports: [channel.port2] }, data);
  };
  Object.defineProperty(globalThis, names.receiveName, { value: receive });

  const freeze = (value: object): object => {
    for (const part of Object.values(value))
      if (typeof part === 'object' && part !== null) freeze(part as object);
    return Object.freeze(value);
  };
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: object) =>
        Object.defineProperty(globalThis, name, { value: freeze({ ...api }), enumerable: true }),
    },
    ipcRenderer: {
      // Real IPC refuses what cannot be cloned, a proxy for instance; so does this.
      invoke: async (channel: string, ...words: readonly unknown[]) =>
        page[names.invokeName]?.(channel, structuredClone(words)),
      on: (channel: string, listener: Listener) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
    },
    webUtils: { getPathForFile: (file: File) => paths[file.name] ?? '' },
  };
  const module = { exports: {} };
  const allowed = new Map<string, unknown>([['electron', electron]]);
  preload(
    (name) => {
      if (!allowed.has(name)) throw new Error(`module not found: ${name}`);
      return allowed.get(name);
    },
    module,
    module.exports,
  );
}
