import { stat } from 'node:fs/promises';

/** Whether something is at this path; false also where that cannot be asked. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
