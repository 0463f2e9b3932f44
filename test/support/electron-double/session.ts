type PermissionHandlers = Record<
  'request' | 'check' | 'device',
  ((...words: readonly unknown[]) => unknown) | null
>;

/** Electron grants what no handler refuses: a test asks the handlers that were set. */
export const permissionHandlers: PermissionHandlers = { request: null, check: null, device: null };

export type SchemeHandler = (request: Request) => Promise<Response>;
export const schemes = new Map<string, SchemeHandler>();

export function makeProtocol(isReady: () => boolean) {
  return {
    privileged: [] as unknown[],
    registerSchemesAsPrivileged(list: readonly unknown[]): void {
      if (isReady())
        throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      this.privileged.push(...list);
    },
    handle: (scheme: string, handler: SchemeHandler) => void schemes.set(scheme, handler),
  };
}

export function makeSession(protocol: ReturnType<typeof makeProtocol>) {
  return {
    defaultSession: {
      protocol,
      setPermissionRequestHandler: (handler: PermissionHandlers['request']) =>
        (permissionHandlers.request = handler),
      setPermissionCheckHandler: (handler: PermissionHandlers['check']) =>
        (permissionHandlers.check = handler),
      setDevicePermissionHandler: (handler: PermissionHandlers['device']) =>
        (permissionHandlers.device = handler),
    },
  };
}
