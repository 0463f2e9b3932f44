import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';

/** TensorFlow.js for pages, included in TensorFlow's package for Node; null if that is not installed. */
export function tensorflowForPages(): string | null {
  try {
    const path = createRequire(import.meta.url).resolve('@tensorflow/tfjs/dist/tf.min.js');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** It has 6.5 MB packed, and 100 further packages: too much for every installation of Charloom. */
const ml5Version = '0.12.2';

/** ml5 itself, by npm, once for this machine; null where npm cannot have it. */
export function ml5ForPages(): string | null {
  const folder = join(tmpdir(), `charloom-test-ml5-${ml5Version}`);
  const program = join(folder, 'package', 'dist', 'ml5.min.js');
  if (existsSync(program)) return program;
  try {
    mkdirSync(folder, { recursive: true });
    const options = {
      cwd: folder,
      stdio: 'ignore',
      timeout: 120_000,
      shell: process.platform === 'win32',
    } as const;
    execFileSync('npm', ['pack', '--silent', `ml5@${ml5Version}`], options);
    const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    execFileSync('tar', ['-xzf', archive, 'package/dist/ml5.min.js'], options);
    return existsSync(program) ? program : null;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
}

const kinds: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  json: 'application/json',
};

/** A Chromium that opens pages from folders, and what they complain of. */
export class ExchangePages {
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #program: { readonly name: string; readonly path: string };

  private constructor(browser: Browser, program: { readonly name: string; readonly path: string }) {
    this.#browser = browser;
    this.#program = program;
  }

  /** @param program a script that is served beside the files of a folder */
  static async open(program: { readonly name: string; readonly path: string }): Promise<ExchangePages> {
    return new ExchangePages(await launchChromium(), program);
  }

  /** Serves a folder while `work` looks at one of its pages: that of this text. */
  async visit<T>(folder: string, html: string, work: (page: Page) => Promise<T>): Promise<T> {
    writeFileSync(join(folder, 'page.html'), html);
    const server = createServer((request, response) => {
      const name = decodeURIComponent((request.url ?? '/').slice(1));
      const path = name === this.#program.name ? this.#program.path : join(folder, name);
      if (name.includes('..') || !existsSync(path)) return response.writeHead(404).end();
      const kind = kinds[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      return response.writeHead(200, { 'Content-Type': kind }).end(readFileSync(path));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const page = await this.#browser.newPage();
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    try {
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/page.html`);
      return await work(page);
    } finally {
      await page.close();
      server.close();
    }
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
