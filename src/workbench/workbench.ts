import { composeWorkbench } from './compose.ts';
import type { Workbench, WorkbenchOptions } from './workbench-types.ts';

export type {
  SettingsStore,
  HostAbilities,
  WorkbenchOptions,
  CheckpointContent,
  ExportFormat,
  Workbench,
} from './workbench-types.ts';

/** Opens the workbench on a person's folders. */
export async function createWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  return composeWorkbench(options);
}
