import type { MenuItemConstructorOptions } from 'electron';

export interface MenuOptions {
  readonly isMac: boolean;
  readonly isDevelopment: boolean;
  readonly openText: () => void;
  readonly openLink: (link: 'guide' | 'char-rnn' | 'licence') => void;
}

/**
 * The menu, built from the system's roles where possible: they provide labels, keys and behaviour (without the edit menu, copy and paste would have no
 * keys on macOS).
 */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { isMac, isDevelopment, openText } = options;
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open Text…', accelerator: 'CommandOrControl+O', click: openText },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...developerItems(isDevelopment),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: helpItems(options) },
  ];
}

function developerItems(isDevelopment: boolean): MenuItemConstructorOptions[] {
  return isDevelopment
    ? [{ type: 'separator' }, { role: 'reload' }, { role: 'forceReload' }, { role: 'toggleDevTools' }]
    : [];
}

function helpItems({ openLink }: MenuOptions): MenuItemConstructorOptions[] {
  return [
    { label: 'Guide', accelerator: 'F1', click: () => openLink('guide') },
    { label: 'About char-rnn', click: () => openLink('char-rnn') },
    { label: 'Licence', click: () => openLink('licence') },
  ];
}
