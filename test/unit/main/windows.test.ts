import { expect, test } from 'vitest';
import {
  graphicsWindowOptions,
  mainWindowOptions,
  webPreferences,
} from '../../../src/main/windows/options.ts';

test('items 2, 3, 4, 6, 8, 9, 10, 11, 12: what a window may be is written down once', () => {
  expect(webPreferences('/preload.cjs')).toEqual({
    preload: '/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

test('the main window uses just those, and shows itself when there is something to see', () => {
  const options = mainWindowOptions('/p.cjs', { x: undefined, y: undefined, width: 900, height: 700 }, true);
  expect(options.webPreferences).toEqual(webPreferences('/p.cjs'));
  expect(options.show).toBe(false);
  expect('x' in options).toBe(false);
});

test('the window that computes on the graphics card has less than that, in a session of its own that no disk keeps', () => {
  const { webPreferences: preferences, show } = graphicsWindowOptions('/g.cjs');
  expect(show).toBe(false);
  expect(preferences).toEqual({
    ...webPreferences('/g.cjs'),
    partition: 'graphics',
    backgroundThrottling: false,
    disableDialogs: true,
    images: false,
    webgl: false,
  });
});
