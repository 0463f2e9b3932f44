// `npm run dev`: the workbench with pages that update as their sources change. In Electron's window where it can run, otherwise the
// browser host behind Vite's server.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { launch } from '../bin/launch.js';
import { findNode, noNodeMessage } from '../bin/runtime.js';
import { build } from './build.js';
import { findElectron, hasDisplay } from './electron-binary.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} node */
async function developInBrowser(node) {
  const host = spawn(
    node,
    [join(root, 'out/main/cli.js'), 'serve', '--no-open', '--json', ...process.argv.slice(2)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  host.on('exit', (code) => process.exit(code ?? 0));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => host.kill(signal));
  for await (const line of createInterface({ input: host.stdout })) {
    const { address } = JSON.parse(line);
    const url = await startVite(new URL(address));
    console.log(`Open ${url} (pages reload automatically; other changes need a restart)`);
    break;
  }
}

/**
 * Vite's server for the pages; everything else goes to the browser host, with headers as if it came from the host's own page.
 * @param {URL} host
 */
async function startVite(host) {
  const { createServer, loadConfigFromFile } = await import('vite');
  const file = await loadConfigFromFile(
    { command: 'serve', mode: 'development' },
    join(root, 'electron.vite.config.ts'),
  );
  const { renderer } = /** @type {{ renderer: import('vite').UserConfig }} */ (
    file?.config ?? { renderer: {} }
  );
  const asOwn = { target: host.origin, changeOrigin: true, headers: { origin: host.origin } };
  const server = await createServer({
    ...renderer,
    configFile: false,
    root: join(root, 'src/renderer'),
    server: {
      ...renderer.server,
      host: '127.0.0.1',
      proxy: {
        '/api': asOwn,
        '/upload': asOwn,
        '/download': asOwn,
        '/streams': { ...asOwn, ws: true },
      },
    },
  });
  await server.listen();
  return `${server.resolvedUrls?.local[0] ?? ''}${host.hash}`;
}

const node = findNode();
if (node === undefined) {
  console.error(noNodeMessage);
  process.exitCode = 70;
} else if (hasDisplay() && findElectron() !== undefined) {
  // With it Electron would run as plain Node.
  delete process.env['ELECTRON_RUN_AS_NODE'];
  launch(node, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'dev']);
} else if (build(node)) {
  await developInBrowser(node);
} else {
  process.exitCode = 1;
}
