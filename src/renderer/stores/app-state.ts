import { getContext, setContext } from 'svelte';
import type { Bridge } from '../../shared/ipc/contract.ts';
import { DraftMemory } from './draft-memory.ts';
import { Draft } from './draft.svelte.ts';
import { EngineWork } from './engine-work.svelte.ts';
import { Inside } from './inside/inside.svelte.ts';
import { Library } from './library.svelte.ts';
import { performDeed } from './message-deeds.ts';
import { MessageMemory } from './message-memory.ts';
import { PageSections } from './page-sections.svelte.ts';
import { Router } from './router.svelte.ts';
import { RunNews } from './run-news.svelte.ts';
import { Messages } from './messages.svelte.ts';
import { Tour } from './tour.svelte.ts';
import { Writing } from './writing/writing.svelte.ts';

/** Everything that views share. Made once, in App.svelte; handed down by context. */
export interface AppState {
  readonly bridge: Bridge;
  readonly router: Router;
  readonly messages: Messages;
  readonly library: Library;
  readonly draft: Draft;
  readonly writing: Writing;
  readonly inside: Inside;
  readonly engineWork: EngineWork;
  readonly news: RunNews;
  readonly tour: Tour;
  readonly sections: PageSections;
}

const key = Symbol('session');

export function createApp(bridge: Bridge, window: Window & typeof globalThis): AppState {
  const router = new Router(window);
  const messages: Messages = new Messages({
    memory: new MessageMemory(window.sessionStorage),
    perform: (deed) => performDeed({ bridge, library, router }, deed),
  });
  const news = new RunNews(window);
  const library: Library = new Library(bridge, messages, router, news);
  return {
    bridge,
    router,
    messages,
    library,
    draft: new Draft(bridge, new DraftMemory(window.sessionStorage)),
    writing: new Writing(bridge),
    inside: new Inside(bridge),
    engineWork: new EngineWork(bridge, messages),
    news,
    tour: new Tour(library, router),
    sections: new PageSections(),
  };
}

export function provideApp(session: AppState): void {
  setContext(key, session);
}

export function useApp(): AppState {
  return getContext<AppState>(key);
}
