import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesIn, kindOfFile, OpenedFiles } from '../../../src/main/services/opened-files.ts';
import { SleepBlocker } from '../../../src/main/services/sleep-blocker.ts';
import { openStateFile } from '../../../src/main/services/state-file.ts';
import { restoredBounds } from '../../../src/main/services/window-state.ts';
import { menuTemplate } from '../../../src/main/windows/menu.ts';

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'charloom-main-'));
}

describe('the settings of the desktop application', () => {
  const window = { x: 1, y: 2, width: 900, height: 700, isMaximized: false };

  test('survive a restart', () => {
    const place = folder();
    openStateFile(place).set('window', window);
    openStateFile(place).set('settings', { theme: 'dark' });
    const state = openStateFile(place);
    expect([state.get('window'), state.get('settings'), state.movedAside]).toEqual([
      window,
      { theme: 'dark' },
      undefined,
    ]);
  });

  test.each(['{ "window": {', '', '\u0000\u0001'])(
    'a damaged file (%j) is moved aside, and the application starts',
    (content) => {
      const place = folder();
      writeFileSync(join(place, 'workbench.json'), content);
      const state = openStateFile(place);
      expect(state.get('window')).toBeUndefined();
      state.set('window', window);
      expect(openStateFile(place).get('window')).toEqual(window);
      expect(readFileSync(String(state.movedAside), 'utf8')).toBe(content);
    },
  );

  test.each(['[]', 'null', '7'])('a file that holds %s counts as an empty one', (content) => {
    const place = folder();
    writeFileSync(join(place, 'workbench.json'), content);
    const state = openStateFile(place);
    expect(state.get('window')).toBeUndefined();
    state.set('window', window);
    expect(openStateFile(place).get('window')).toEqual(window);
  });

  test('an invalid entry affects no other, and the file is kept under another name', () => {
    const place = folder();
    const content = JSON.stringify({ window: { x: 'left' }, lastFolder: '/texts' });
    writeFileSync(join(place, 'workbench.json'), content);
    const state = openStateFile(place);
    expect([state.get('window'), state.get('lastFolder')]).toEqual([undefined, '/texts']);
    expect(readFileSync(String(state.movedAside), 'utf8')).toBe(content);
  });
});

describe('where the window opens', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const saved = { x: 100, y: 50, width: 1000, height: 700, isMaximized: false };

  test('where it was', () => {
    expect(restoredBounds(saved, screens)).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
  });

  test('in the middle, with its size, when that place is no longer on a screen', () => {
    for (const x of [1900, -990, 4000]) {
      expect(restoredBounds({ ...saved, x }, screens)).toEqual({
        x: undefined,
        y: undefined,
        width: 1000,
        height: 700,
      });
    }
    expect(restoredBounds({ ...saved, y: -20 }, screens).x).toBeUndefined();
  });

  test('with a default size the first time', () => {
    expect(restoredBounds(undefined, screens)).toMatchObject({ x: undefined, width: 1280 });
  });
});

describe('sleep is prevented', () => {
  test('once while training, however often it is requested', () => {
    const active: number[] = [];
    let next = 0;
    const blocker = new SleepBlocker({
      start: (kind) => {
        expect(kind).toBe('prevent-app-suspension');
        active.push(next);
        return next++;
      },
      stop: (id) => {
        active.splice(active.indexOf(id), 1);
        return true;
      },
    });
    for (const isTraining of [true, true, true]) blocker.set(isTraining);
    expect(active).toEqual([0]);
    for (const isTraining of [false, false]) blocker.set(isTraining);
    expect(active).toEqual([]);
    blocker.set(true);
    expect(active).toEqual([1]);
  });
});

describe('files from outside', () => {
  test('wait until a page takes them', () => {
    const files = new OpenedFiles();
    files.add('/a.txt');
    files.add('/b.safetensors');
    const taken: string[] = [];
    files.deliverTo((path) => taken.push(path));
    files.add('/c.txt');
    expect(taken).toEqual(['/a.txt', '/b.safetensors', '/c.txt']);
  });

  test('are found between the switches of a command line, in any position', () => {
    const place = folder();
    mkdirSync(join(place, 'folder'));
    const elsewhere = resolve('/elsewhere/b.safetensors');
    const isFile = (path: string): boolean => path === join(place, 'novel') || path === elsewhere;
    expect(
      filesIn(['--flag', 'novel', '--type=renderer', '.', '', elsewhere, 'missing'], place, isFile),
    ).toEqual([join(place, 'novel'), elsewhere]);
  });

  test('are models by their ending, texts otherwise', () => {
    expect([kindOfFile('/x.SafeTensors'), kindOfFile('/x.txt'), kindOfFile('/x')]).toEqual([
      'model',
      'text',
      'text',
    ]);
  });
});

describe('the menu', () => {
  const options = {
    isMac: false,
    isDevelopment: false,
    openText: () => undefined,
    openLink: () => undefined,
  };

  test('has the keys for copying and pasting on every system', () => {
    for (const isMac of [true, false]) {
      expect(menuTemplate({ ...options, isMac })).toContainEqual({ role: 'editMenu' });
    }
  });

  test('offers no developer tools in the product', () => {
    const product = JSON.stringify(menuTemplate(options));
    expect(product).not.toContain('toggleDevTools');
    expect(product).not.toContain('reload');
    expect(JSON.stringify(menuTemplate({ ...options, isDevelopment: true }))).toContain('toggleDevTools');
  });
});
