import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost } from '../../../src/serve/browser-host.ts';
import { temporaryFolder } from '../../support/texts.ts';
import { TransportWorkbench } from '../../support/transport-workbench.ts';

const pages = temporaryFolder('pages');
writeFileSync(join(pages, 'index.html'), '<h1>Charloom</h1>');
const workbench = new TransportWorkbench();
const defects: unknown[] = [];
const onDefect = (error: unknown): unknown => defects.push(error);
let host: BrowserHost;

beforeAll(async () => {
  host = await startBrowserHost({ workbench: workbench.asWorkbench(), pages, onDefect });
});
afterAll(() => host.close());

test('a port in use, or an address of another machine, is reported', async () => {
  const { port } = new URL(host.address);
  const other = { workbench: workbench.asWorkbench(), pages, onDefect };
  await expect(startBrowserHost({ ...other, port: Number(port) })).rejects.toMatchObject({ code: 'usage' });
  await expect(startBrowserHost({ ...other, host: '192.0.2.1' })).rejects.toMatchObject({ code: 'usage' });
});
