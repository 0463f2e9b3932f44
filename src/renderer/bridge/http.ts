import { CharloomError } from '../../shared/errors.ts';
import { replySchema, type Reply } from '../../shared/ipc/frames.ts';

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
  readonly #token: string | null;

  constructor(token: string | null) {
    this.#token = token;
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

  /** A file to save, or the reply with the reason for none. */
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

  async #fetch(address: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    const headers = { ...init.headers, Authorization: `Bearer ${this.#token ?? ''}` };
    const response = await fetch(address, { ...init, headers, cache: 'no-store' }).catch(() => {
      throw outOfReach();
    });
    if (response.status === 401) throw new RefusedError();
    return response;
  }
}
