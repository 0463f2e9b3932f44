import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** The folder of everything that Charloom stores: `CHARLOOM_HOME`, or the system's folder for program data. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['CHARLOOM_HOME'];
  return chosen === undefined || chosen === '' ? envPaths('charloom', { suffix: '' }).data : resolve(chosen);
}

/** The default folder of runs. */
export function defaultRunsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(homeFolder(environment), 'runs');
}

/** The folder for files that can be recreated at any time. */
export function cacheFolder(home = homeFolder()): string {
  return join(home, 'cache');
}
