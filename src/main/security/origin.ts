import { host, scheme } from './scheme.ts';

/** The origin of the pages: our scheme, or Vite's server during development. */
export interface PageOrigin {
  readonly protocol: string;
  readonly host: string;
}

const ownOrigin: PageOrigin = { protocol: `${scheme}:`, host };

/** The origin of the pages. A packaged application ignores the address for development. */
export function pageOrigin(developmentAddress: string | undefined, isPackaged: boolean): PageOrigin {
  const url = developmentAddress === undefined || isPackaged ? null : URL.parse(developmentAddress);
  return url === null ? ownOrigin : { protocol: url.protocol, host: url.host };
}

/** The address of the pages. */
export function startAddress(origin: PageOrigin): string {
  return `${origin.protocol}//${origin.host}/index.html`;
}

/** Whether an address is one of our pages. Compared by its parts: an address that only starts the same way has another origin. */
export function isOurs(address: string, origin: PageOrigin): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === origin.protocol &&
    url.host === origin.host &&
    url.username === '' &&
    url.password === ''
  );
}
