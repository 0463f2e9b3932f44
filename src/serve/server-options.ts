import type { Workbench } from '../workbench/workbench-types.ts';
import type { Access } from './access.ts';
import type { PageServer } from './pages.ts';

/** What the HTTP side of the browser host is made of. */
export interface ServerOptions {
  readonly workbench: Workbench;
  readonly access: Access;
  readonly pages: PageServer;
  readonly onDefect: (error: unknown) => void;
}
