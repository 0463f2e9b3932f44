import type { Workbench } from '../workbench/workbench-types.ts';
import type { Access } from './access.ts';
import type { PageServer } from './pages.ts';

/** What the HTTP part of the browser host needs. */
export interface ServerOptions {
  readonly workbench: Workbench;
  readonly access: Access;
  readonly pages: PageServer;
  readonly onDefect: (error: unknown) => void;
}
