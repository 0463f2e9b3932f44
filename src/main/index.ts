import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

// The window's own work (scheme, contract, services) comes with the workbench; this entry only proves the layout: a sandboxed,
// isolated window that can open nothing and go nowhere.
app.enableSandbox();

app.on('web-contents-created', (_event, contents) => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
});

// Not a top-level await: `ready` fires only after an ES module entry has evaluated.
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1100,
    height: 760,
    webPreferences: { preload: join(import.meta.dirname, '../preload/index.cjs') },
  });
  return window.loadFile(join(import.meta.dirname, '../renderer/index.html'));
});

app.on('window-all-closed', () => app.quit());
