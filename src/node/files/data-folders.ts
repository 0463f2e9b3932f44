import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** The folder of everything Charloom keeps: `CHARLOOM_HOME`, or the place this system has for a person's program data. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['CHARLOOM_HOME'];
  return chosen === undefined || chosen === '' ? envPaths('charloom', { suffix: '' }).data : resolve(chosen);
}

/** Where runs go unless somebody chooses a folder. */
export function defaultRunsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(homeFolder(environment), 'runs');
}

/** Where things are kept that can be made again at any time. */
export function cacheFolder(home = homeFolder()): string {
  return join(home, 'cache');
}
