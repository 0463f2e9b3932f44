type PermissionHandlers = Record<
  'request' | 'check' | 'device',
  ((...words: readonly unknown[]) => unknown) | null
>;

export type SchemeHandler = (request: Request) => Promise<Response>;
type RequestGuard = (
  details: { readonly url: string },
  answer: (decision: { readonly cancel: boolean }) => void,
) => void;

/** `session`: what one has of schemes and guards is none of another's. */
export class DoubleSession {
  readonly schemes = new Map<string, SchemeHandler>();
  /** Electron grants what no handler refuses: a test asks the handlers that were set. */
  readonly permissionHandlers: PermissionHandlers = { request: null, check: null, device: null };
  readonly protocol = {
    handle: (scheme: string, handler: SchemeHandler) => void this.schemes.set(scheme, handler),
  };
  readonly webRequest = {
    onBeforeRequest: (guard: RequestGuard): void => {
      this.#guard = guard;
    },
  };
  #guard: RequestGuard | undefined;

  setPermissionRequestHandler(handler: PermissionHandlers['request']): void {
    this.permissionHandlers.request = handler;
  }

  setPermissionCheckHandler(handler: PermissionHandlers['check']): void {
    this.permissionHandlers.check = handler;
  }

  setDevicePermissionHandler(handler: PermissionHandlers['device']): void {
    this.permissionHandlers.device = handler;
  }

  /** Whether the guard lets a request through; its own schemes are asked about as well. */
  lets(url: string): boolean {
    let isCancelled = false;
    this.#guard?.({ url }, ({ cancel }) => (isCancelled = cancel));
    return !isCancelled;
  }
}

export function makeProtocol(defaultSession: DoubleSession, isReady: () => boolean) {
  return {
    privileged: [] as unknown[],
    registerSchemesAsPrivileged(list: readonly unknown[]): void {
      if (isReady())
        throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      this.privileged.push(...list);
    },
    handle: defaultSession.protocol.handle,
  };
}

/** The default one, and one for each partition that was named. */
export class DoubleSessions {
  readonly defaultSession = new DoubleSession();
  readonly partitions = new Map<string, DoubleSession>();

  fromPartition(name: string): DoubleSession {
    const known = this.partitions.get(name) ?? new DoubleSession();
    this.partitions.set(name, known);
    return known;
  }
}
