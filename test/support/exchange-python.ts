import { spawnSync } from 'node:child_process';
import { beforeAll, describe } from 'vitest';
import { expect } from 'vitest';
import type { ExportFormat } from '../../src/shared/domain/exchange.ts';
import type { ExchangeCase } from './exchange.ts';
import { exported } from './exported.ts';

/** A Python that may have the packages that a test needs; continuous integration names one. */
const python = process.env['CHARLOOM_PYTHON'] ?? 'python3';

/** Keras computes with JAX: what other backends there are for it is larger. */
const environment = { ...process.env, KERAS_BACKEND: 'jax', TF_CPP_MIN_LOG_LEVEL: '3' };

/** Whether that Python has these modules. */
function hasModules(modules: readonly string[]): boolean {
  return spawnSync(python, ['-c', `import ${modules.join(', ')}`], { env: environment }).status === 0;
}

/** Runs a program in a folder: what it prints. It must end well and complain of nothing. */
export function runPython(folder: string, program: string): string {
  const { status, stdout, stderr } = spawnSync(python, ['-W', 'error', '-c', program], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
    maxBuffer: 1 << 28,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** What a group of tests shares; read only inside its tests. */
export interface ExportsInPython {
  /** The folder of a case. */
  readonly folder: (exchange: ExchangeCase) => string;
  /** What the function `check` returned there. */
  readonly answer: (exchange: ExchangeCase) => unknown;
}

/**
 * A group of tests on exports, which Python opens; skipped, and it says so, where its modules are missing.
 * @param check Python that defines `check(vector)`, to be called in the folder of each case with its test vector; all in one process, since
 *   large modules take seconds to load
 */
export function describeExports(
  name: string,
  modules: readonly string[],
  { format, cases, check }: { format: ExportFormat; cases: readonly ExchangeCase[]; check: string },
  tests: (exports: ExportsInPython) => void,
): void {
  const isReady = hasModules(modules);
  const title = isReady ? name : `${name} (skipped: there is no Python that has ${modules.join(', ')})`;
  describe.skipIf(!isReady)(title, () => {
    let folders: ReadonlyMap<ExchangeCase, string> = new Map();
    let answers: readonly unknown[] = [];
    beforeAll(async () => {
      const made: [ExchangeCase, string][] = [];
      for (const exchange of cases) made.push([exchange, await exported(format, exchange)]);
      folders = new Map(made);
      answers = JSON.parse(runPython('/', inEach([...folders.values()], check))) as unknown[];
    }, 180_000);
    tests({
      folder: (exchange) => folders.get(exchange) ?? '',
      answer: (exchange) => answers[[...folders.keys()].indexOf(exchange)],
    });
  });
}

function inEach(folders: readonly string[], check: string): string {
  return `
import json, os
${check}
answers = []
for folder in json.loads(${JSON.stringify(JSON.stringify(folders))}):
    os.chdir(folder)
    with open("test-vector.json") as file:
        answers.append(check(json.load(file)))
print(json.dumps(answers))
`;
}
