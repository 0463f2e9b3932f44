// The pages' own bridge and nothing else: a test speaks through it as a page does.
import { createBridge } from '../../../../src/renderer/bridge/index.ts';
import type { BridgePage } from '../../../support/bridge-page.ts';

const bridge = createBridge();
const page: BridgePage = {
  bridge,
  states: [],
  lines: [],
  fractions: [],
  traces: () => `${location.href} ${JSON.stringify(history.state)} ${document.referrer}`,
  addChosenFile: async () => {
    const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
    if (file === undefined) throw new Error('No file was chosen.');
    return bridge.addText(file, (fraction) => page.fractions.push(fraction));
  },
  attack: (address, token) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const socket = new WebSocket(`${address.replace('http', 'ws')}/streams`, ['charloom', `token.${token}`]);
    const image = new Image();
    const attempts = [
      fetch(`${address}/api/settings.get`, { method: 'POST', headers, body: 'null' }),
      // Without asking first: the answer cannot be read, but the request must not be obeyed either.
      fetch(`${address}/api/settings.get`, { method: 'POST', body: 'null' }),
      fetch(`${address}/index.html`),
      settled(socket, 'open'),
      settled(image, 'load'),
    ];
    image.src = `${address}/index.html`;
    return Promise.all(
      attempts.map((attempt) =>
        attempt.then(
          () => 'got in',
          () => 'refused',
        ),
      ),
    );
  },
};

function settled(target: EventTarget, success: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    target.addEventListener(success, resolve);
    target.addEventListener('error', reject);
  });
}

bridge.onConnection((state) => page.states.push(state));
Object.assign(globalThis, { page });
