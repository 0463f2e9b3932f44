import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** What a request says about its origin. */
export interface Claims {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly token: string | undefined;
}

export type Refusal = 'wrong-host' | 'wrong-origin' | 'no-token';

/** A token that cannot be guessed, in characters that need no escaping in an address or a header. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Decides who may use the host. A page from another site cannot know the token; Host and Origin are checked as well, so that a name that resolves to this machine
 * (DNS rebinding) does not even receive the pages.
 */
export class Access {
  readonly #tokenDigest: Buffer;
  readonly #isLocal: boolean;
  readonly #bound: string;

  /** @param bound the name or address that the server listens on */
  constructor(token: string, bound: string) {
    this.#tokenDigest = digest(token);
    this.#bound = bound.toLowerCase();
    this.#isLocal = isLoopback(this.#bound);
  }

  /** Whether a request was sent to a name of this machine. The port may differ: a tunnel has its own. */
  knowsHost(host: string | undefined): boolean {
    const name = hostOf(`http://${host ?? ''}`)?.name;
    if (name === undefined) return false;
    if (isLoopback(name) || name === this.#bound) return true;
    // Open to other machines: by address, or by this machine's own name. DNS rebinding needs a name, so an address literal is safe.
    return !this.#isLocal && (isIP(name) !== 0 || name === hostname().toLowerCase());
  }

  /** Why a request for data is refused; undefined if it is not. */
  refusal({ host, origin, token }: Claims): Refusal | undefined {
    if (!this.knowsHost(host)) return 'wrong-host';
    if (origin !== undefined && hostOf(origin)?.all !== hostOf(`http://${host ?? ''}`)?.all) {
      return 'wrong-origin';
    }
    return token !== undefined && timingSafeEqual(digest(token), this.#tokenDigest) ? undefined : 'no-token';
  }
}

/** Always the same length, as a constant-time comparison requires. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function hostOf(address: string): { readonly name: string; readonly all: string } | undefined {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '' || url.pathname !== '/') return undefined;
  if (url.search !== '' || url.hash !== '') return undefined;
  return { name: url.hostname.replace(/^\[|\]$/g, ''), all: url.host };
}

/** Whether only this machine can reach an address. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
