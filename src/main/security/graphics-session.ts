import type { Session } from 'electron';
import { graphicsSite, scheme, servePages } from './scheme.ts';

type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & {
  readonly protocol: Pick<Session['protocol'], 'handle'>;
  readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>;
};

/**
 * Restricts the session of the window that computes on the graphics card: it reads its own two files and nothing else, and it gets none of the system's
 * permissions.
 * @param folder the built files of its page
 */
export function guardGraphicsSession(session: GuardedSession, folder: string): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isOwnFile(url) }));
  servePages(session.protocol, folder, graphicsSite);
}

function isOwnFile(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${scheme}:` && url.host === graphicsSite.host;
}
