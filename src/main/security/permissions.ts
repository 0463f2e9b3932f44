import type { Session, WebContents } from 'electron';
import { isOurs, type PageOrigin } from './origin.ts';

/** The permissions that our pages may have, and why. All others are refused. */
const allowed: ReadonlyMap<string, string> = new Map([
  ['clipboard-sanitized-write', 'copying a written text or the doctor report'],
  ['fullscreen', 'the view menu'],
]);

type PermissionSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Both handlers are needed: Electron grants whatever neither of them refuses. */
export function guardPermissions(session: PermissionSession, origin: PageOrigin): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    callback(isAllowed(contents, permission, details.requestingUrl, origin));
  });
  session.setPermissionCheckHandler((contents, permission, requestingOrigin) =>
    isAllowed(contents, permission, requestingOrigin, origin),
  );
  session.setDevicePermissionHandler(() => false);
}

function isAllowed(
  contents: WebContents | null,
  permission: string,
  address: string,
  origin: PageOrigin,
): boolean {
  return contents !== null && allowed.has(permission) && isOurs(address, origin);
}
