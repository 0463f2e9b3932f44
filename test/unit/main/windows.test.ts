import { expect, test } from 'vitest';
import {
  graphicsWindowOptions,
  mainWindowOptions,
  webPreferences,
} from '../../../src/main/windows/options.ts';

test('items 2, 3, 4, 6, 8, 9, 10, 11, 12: the preferences of windows are defined once', () => {
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

test('the main window uses exactly those, and is shown when its page is painted', () => {
  const options = mainWindowOptions('/p.cjs', { x: undefined, y: undefined, width: 900, height: 700 }, true);
  expect(options.webPreferences).toEqual(webPreferences('/p.cjs'));
  expect(options.show).toBe(false);
  expect('x' in options).toBe(false);
});

test('the window that computes on the graphics card has fewer rights, in a session of its own in memory', () => {
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
