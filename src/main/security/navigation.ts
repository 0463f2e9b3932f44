import type { App, Event, WebContents } from 'electron';
import { isOurs, type PageOrigin } from './origin.ts';

/** Every page gets these guards, however it was created: it cannot navigate elsewhere, open a window or embed another page. */
export function guardNavigation(app: Pick<App, 'on'>, origin: PageOrigin): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, origin));
}

function guard(contents: WebContents, origin: PageOrigin): void {
  const stay = (event: Pick<Event<{ url: string }>, 'preventDefault' | 'url'>): void => {
    if (!isOurs(event.url, origin)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
