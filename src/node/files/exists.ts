import { stat } from 'node:fs/promises';

/** Whether something exists at this path; also false if that cannot be checked. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
