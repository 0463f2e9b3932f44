import { afterAll, beforeAll, describe, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';

declare const charloom: any;
describe.skipIf(!hasChromium && electronKind === 'double')('x', () => {
  let app: ElectronApp;
  beforeAll(async () => {
    app = await startElectronApp({ chromiumWords: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'], env: { CHARLOOM_SOFTWARE_GPU: '1' } });
  });
  afterAll(() => app.close());
  test('card', async () => {
    console.log(await app.page.evaluate(() => charloom.request('engines.list', null)));
    console.log(app.errors());
  });
});
