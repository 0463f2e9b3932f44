import { CharloomError } from '../../shared/errors.ts';
import { replySchema, type Reply } from '../../shared/ipc/frames.ts';
import type { TabTokens } from './tab-tokens.ts';
import { keepToken } from './token.ts';

/** The error when the browser host does not respond. */
export function outOfReach(): CharloomError {
  return new CharloomError('cancelled', 'Charloom does not respond. It may have been stopped.', {
    fix: 'Start it again; this page reconnects automatically.',
  });
}

/** The host does not know this page's token: waiting will not help. */
export class RefusedError extends CharloomError {
  constructor() {
    super('usage', 'This page’s access key is missing or expired.', {
      fix: 'Open the address that Charloom printed when it started. It contains the key, which changes at every start.',
    });
  }
}

/** Calls to the browser host that served this page, with its token where only the host sees it. */
export class HttpCalls {
  readonly #tabs: TabTokens;
  #token: string | null;
  #asking: Promise<string | null> | undefined;

  /** @param tabs where to ask for a token if there is none, or an expired one */
  constructor(token: string | null, tabs: TabTokens) {
    this.#token = token;
    this.#tabs = tabs;
  }

  get token(): string | null {
    return this.#token;
  }

  async request(name: string, params: unknown): Promise<Reply> {
    const response = await this.#fetch(`/api/${encodeURIComponent(name)}`, {
      method: 'POST',
      body: JSON.stringify(params),
      headers: { 'Content-Type': 'application/json' },
    });
    return replySchema.parse(await response.json());
  }

  /** A file to save, or the reply that says why there is none. */
  async download(address: string): Promise<Blob | Reply> {
    const response = await this.#fetch(address, {});
    if (response.ok) return response.blob();
    return replySchema.parse(await response.json());
  }

  /** Sends a file. Only XMLHttpRequest reports upload progress. */
  upload(address: string, file: File, onProgress?: (fraction: number) => void): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const call = new XMLHttpRequest();
      call.open('PUT', address);
      call.setRequestHeader('Authorization', `Bearer ${this.#token ?? ''}`);
      call.responseType = 'json';
      call.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
      call.onerror = () => reject(outOfReach());
      call.onload = () => {
        if (call.status === 401) return reject(new RefusedError());
        const reply = replySchema.safeParse(call.response);
        if (reply.success) resolve(reply.data);
        else reject(reply.error);
      };
      call.send(file);
    });
  }

  async #fetch(address: string, init: Init): Promise<Response> {
    const used = this.#token ?? (await this.#otherToken(null));
    const response = await send(address, init, used);
    if (response.status !== 401) return response;
    const other = await this.#otherToken(used);
    const again = other === null ? response : await send(address, init, other);
    if (again.status === 401) throw new RefusedError();
    return again;
  }

  /** A replacement for the refused token: the one that another call has found meanwhile, or another tab's. */
  async #otherToken(refused: string | null): Promise<string | null> {
    if (this.#token !== refused) return this.#token;
    this.#asking ??= this.#tabs.ask(refused);
    const found = await this.#asking;
    this.#asking = undefined;
    if (found === null || found === this.#token) return found;
    this.#token = found;
    keepToken(found);
    return found;
  }
}

type Init = RequestInit & { readonly headers?: Record<string, string> };

function send(address: string, init: Init, token: string | null): Promise<Response> {
  const headers = { ...init.headers, Authorization: `Bearer ${token ?? ''}` };
  return fetch(address, { ...init, headers, cache: 'no-store' }).catch(() => {
    throw outOfReach();
  });
}
